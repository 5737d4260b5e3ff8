// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// Reads the members of one JSON object by name and collects everything wrong with them.
///
/// Members that nobody knows are refused. An optional member that is `null` counts as absent. The
/// reader works on the parsed tape: nothing is decoded that is not asked for.
struct ObjectReader {
  /// Most violations of one object that are named.
  static let maximumViolations = 16

  private let members: [JSONMember]
  private let isObject: Bool
  private let path: String
  private(set) var violations: [DomainError.Violation] = []

  /// Opens `value`, which stands at `path` (an RFC 6901 pointer, "" for the root). `known` names
  /// its members; nil lets any others pass unread.
  init(_ value: JSONValue, at path: String = "", known: [String]?) {
    self.path = path
    isObject = value.kind == .object
    guard isObject else {
      members = []
      violations = [
        .init(pointer: path, code: ProblemCode.wrongType.rawValue, reason: "It must be an object.")
      ]
      return
    }
    members = Array(value.members)
    for member in members where known?.contains(where: member.isNamed) == false {
      // Other than our own names, what callers call a member may be anything.
      note(at: SafePointer.prefix(of: "/" + member.key), .unknownField, "There is no such field.")
    }
  }

  /// True while there is an object to read and nothing is wrong with it.
  var isSound: Bool { violations.isEmpty }
}

// MARK: - Members

extension ObjectReader {
  /// A member that must be there, `null` included: its value.
  mutating func value(_ name: String) -> JSONValue? {
    guard let value = find(name) else {
      noteMissing(name)
      return nil
    }
    return value
  }

  /// A text that may be absent.
  mutating func optional<Value>(_ name: String, as field: TextField<Value>) -> Value? {
    guard let value = find(name), !value.isNull else { return nil }
    return read(value, name, field)
  }

  /// A text that must be there.
  mutating func required<Value>(_ name: String, as field: TextField<Value>) -> Value? {
    guard let value = find(name), !value.isNull else {
      noteMissing(name)
      return nil
    }
    return read(value, name, field)
  }

  /// A list of texts; empty where it is absent.
  mutating func list<Value>(
    _ name: String, maximumCount: Int, as field: TextField<Value>
  ) -> [Value] {
    guard let value = find(name), !value.isNull else { return [] }
    guard value.kind == .array else {
      note(name, .wrongType, "It must be an array.")
      return []
    }
    var values: [Value] = []
    for (index, element) in value.elements.enumerated() {
      guard index < maximumCount else {
        note(name, .tooMany, "It has more than \(maximumCount) entries.")
        break
      }
      if let value = read(element, "\(name)/\(index)", field) { values.append(value) }
    }
    return values
  }

  /// A list of texts that may be absent, or empty, which is not the same.
  mutating func optionalList<Value>(
    _ name: String, maximumCount: Int, as field: TextField<Value>
  ) -> [Value]? {
    guard let value = find(name), !value.isNull else { return nil }
    return list(name, maximumCount: maximumCount, as: field)
  }

  /// An object inside, read by `body`; not called where it is absent.
  mutating func nested<Result>(
    _ name: String, known: [String]?, _ body: (inout ObjectReader) -> Result
  ) -> Result? {
    guard let value = find(name), !value.isNull else { return nil }
    var reader = ObjectReader(value, at: "\(path)/\(name)", known: known)
    let result = body(&reader)
    violations += reader.violations
    return result
  }

  /// A list of objects, each read by `body`; empty where it is absent.
  mutating func objects<Result>(
    _ name: String, maximumCount: Int, known: [String],
    _ body: (inout ObjectReader) -> Result?
  ) -> [Result] {
    guard let value = find(name), !value.isNull else { return [] }
    guard value.kind == .array else {
      note(name, .wrongType, "It must be an array.")
      return []
    }
    var results: [Result] = []
    for (index, element) in value.elements.enumerated() {
      guard index < maximumCount else {
        note(name, .tooMany, "It has more than \(maximumCount) entries.")
        break
      }
      var reader = ObjectReader(element, at: "\(path)/\(name)/\(index)", known: known)
      if let result = body(&reader) { results.append(result) }
      violations += reader.violations.prefix(Self.maximumViolations)
    }
    return results
  }

  /// A whole number that must be there.
  mutating func requiredCount(_ name: String, _ range: ClosedRange<Int>) -> Int? {
    guard let value = find(name), !value.isNull else {
      noteMissing(name)
      return nil
    }
    return count(value, name, range)
  }

  /// A whole number that may be absent.
  mutating func optionalCount(_ name: String, _ range: ClosedRange<Int>) -> Int? {
    guard let value = find(name), !value.isNull else { return nil }
    return count(value, name, range)
  }

  /// `true` or `false`, which may be absent.
  mutating func optionalTruth(_ name: String) -> Bool? {
    guard let value = find(name), !value.isNull else { return nil }
    guard let truth = value.bool() else {
      note(name, .wrongType, "It must be true or false.")
      return nil
    }
    return truth
  }

  /// `true` or `false`, which must be there.
  mutating func requiredTruth(_ name: String) -> Bool? {
    guard let value = find(name), !value.isNull else {
      noteMissing(name)
      return nil
    }
    if value.bool() == nil { note(name, .wrongType, "It must be true or false.") }
    return value.bool()
  }

  /// A list of texts that may be absent, but not empty.
  mutating func condition<Value>(
    _ name: String, maximumCount: Int, as field: TextField<Value>
  ) -> [Value] {
    if let value = find(name), value.kind == .array,
      !value.elements.contains(where: { _ in true })
    {
      note(name, .emptyValue, "It is empty: without it, anything fits.")
    }
    return list(name, maximumCount: maximumCount, as: field)
  }

  /// A number that may be absent.
  mutating func optionalNumber(_ name: String, _ range: ClosedRange<Double>) -> Double? {
    guard let value = find(name), !value.isNull else { return nil }
    guard value.kind == .number else {
      note(name, .wrongType, "It must be a number.")
      return nil
    }
    guard let number = value.double(), range.contains(number) else {
      note(
        name, .badValue, "It must be a number from \(range.lowerBound) to \(range.upperBound).")
      return nil
    }
    return number
  }

  private mutating func count(
    _ value: JSONValue, _ name: String, _ range: ClosedRange<Int>
  ) -> Int? {
    guard value.kind == .number else {
      note(name, .wrongType, "It must be a number.")
      return nil
    }
    guard let number = value.wholeNumber, range.contains(number) else {
      note(
        name, .badValue,
        "It must be a whole number from \(range.lowerBound) to \(range.upperBound).")
      return nil
    }
    return number
  }

  /// Notes that a member is not acceptable, for a reason that only several of them show.
  mutating func refuse(_ name: String, _ code: ProblemCode, _ reason: String) {
    note(name, code, reason)
  }

  /// What `make` builds of the values read; throws all violations together, if there are any.
  func finish<Result>(_ make: () -> Result?) throws(Problem) -> Result {
    guard violations.isEmpty, let result = make() else { throw .invalid(violations) }
    return result
  }

  /// A number that must be there, made of its digits as they were sent; `reason` says what it must be.
  mutating func requiredNumber<Value>(
    _ name: String, _ reason: String, _ make: (String) -> Value?
  ) -> Value? {
    guard let value = find(name), !value.isNull else {
      noteMissing(name)
      return nil
    }
    guard value.kind == .number else {
      note(name, .wrongType, "It must be a number.")
      return nil
    }
    let made = make(String(decoding: value.rawBytes, as: UTF8.self))
    if made == nil { note(name, .badValue, reason) }
    return made
  }

  /// A value of any kind that may be absent.
  func optionalValue(_ name: String) -> JSONValue? {
    find(name).flatMap { $0.isNull ? nil : $0 }
  }

  private func find(_ name: String) -> JSONValue? {
    members.first { $0.isNamed(name) }?.value
  }

  private mutating func read<Value>(
    _ value: JSONValue, _ name: String, _ field: TextField<Value>
  ) -> Value? {
    do throws(JSONError) {
      switch field.read(try value.text()) {
      case .success(let value): return value
      case .failure(let fault): note(name, fault.code, fault.reason)
      }
    } catch {
      if error.code == .nulCharacter {
        note(name, .nulCharacter, "It must not hold the character U+0000.")
      } else {
        note(name, .wrongType, "It must be a string.")
      }
    }
    return nil
  }

  private mutating func noteMissing(_ name: String) {
    // Where there is no object, its missing members go without saying.
    guard isObject else { return }
    note(name, .missingField, "It is required.")
  }

  /// Notes what is wrong with a member of ours, or with an entry of it, `name/index`.
  private mutating func note(_ name: String, _ code: ProblemCode, _ reason: String) {
    note(at: "/" + name, code, reason)
  }

  private mutating func note(at pointer: String, _ code: ProblemCode, _ reason: String) {
    guard violations.count < Self.maximumViolations else { return }
    violations.append(.init(pointer: path + pointer, code: code.rawValue, reason: reason))
  }
}

extension JSONValue {
  /// A number without a fraction, however it is written: `30`, `30.0` and `3e1` are one number to JSON
  /// Schema, and some clients know no other form.
  fileprivate var wholeNumber: Int? {
    integer().flatMap { Int(exactly: $0) } ?? double().flatMap { Int(exactly: $0) }
  }
}
