// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance

/// Reads a query's parameters one by one and collects everything wrong with them.
///
/// Every parameter that is there must be asked for: what a route does not know is refused, so that
/// a typo never widens a search.
struct QueryReader: Sendable {
  /// The most parameters of one request.
  static let maximumParameters = 64

  private let parameters: [(name: String, value: String)]
  private(set) var violations: [DomainError.Violation] = []

  /// Splits and decodes `query`, and refuses names outside `known` and names that come twice.
  init(_ query: Substring?, known: [String]) throws(Problem) {
    let pairs = (query ?? "").split(separator: "&", omittingEmptySubsequences: true)
    guard pairs.count <= Self.maximumParameters else {
      throw .invalid("", .tooManyParameters, "There are more than 64 parameters.")
    }
    var parameters: [(name: String, value: String)] = []
    for pair in pairs {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decode(parts[0]),
        let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "")
      else {
        throw Problem(.badEncoding, "A parameter is not percent-encoded UTF-8.")
      }
      parameters.append((name, value))
    }
    self.parameters = parameters
    checkNames(known)
  }

  private mutating func checkNames(_ known: [String]) {
    var seen: [String] = []
    for (name, _) in parameters {
      // Compared by bytes: Swift takes canonically equivalent texts for equal.
      guard known.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
        note(SafePointer.segment(name) ?? "", .unknownParameter, "There is no such parameter.")
        continue
      }
      if seen.contains(name) {
        note(name, .repeatedParameter, "The parameter is given more than once.")
      }
      seen.append(name)
    }
  }
}

// MARK: - Values

extension QueryReader {
  /// A range of time; one that ends before it begins is refused.
  mutating func between(
    _ first: String, _ last: String
  ) -> (after: Moment?, before: Moment?) {
    let after = read(first, as: .timestamp)
    let before = read(last, as: .timestamp)
    if let after, let before, after > before {
      note(first, .emptyRange, "It must not be later than \(last).")
    }
    return (after, before)
  }

  /// The value of `name` as `field` reads it; nil where it is absent, or refused and noted.
  mutating func read<Value>(_ name: String, as field: TextField<Value>) -> Value? {
    guard let parameter = parameters.first(where: { $0.name == name }) else { return nil }
    switch field.read(parameter.value) {
    case .success(let value): return value
    case .failure(let fault):
      note(name, fault.code, fault.reason)
      return nil
    }
  }

  /// The page size: 1 to 500 in plain digits; the standard where it is absent.
  mutating func limit() -> PageLimit {
    let field = TextField<PageLimit> { text in
      guard let number = Self.digits(text), let count = Int(exactly: number),
        let limit = PageLimit(count)
      else {
        return .failure(FieldFault(.badLimit, "It must be a whole number from 1 to 500."))
      }
      return .success(limit)
    }
    return read("limit", as: field) ?? .standard
  }

  /// A number of zero or more in plain digits.
  mutating func count(_ name: String) -> Int64? {
    read(
      name,
      as: TextField { text in
        Self.digits(text).map { .success($0) }
          ?? .failure(FieldFault(.badValue, "It must be a whole number of 0 or more."))
      })
  }

  /// Adds a violation that concerns parameters together.
  mutating func note(_ name: String, _ code: ProblemCode, _ reason: String) {
    violations.append(.init(pointer: name, code: code.rawValue, reason: reason))
  }

  /// Throws all violations together, if there are any.
  func finish() throws(Problem) {
    guard violations.isEmpty else { throw .invalid(violations) }
  }

  /// The parameters but `cursor`, encoded again, each followed by `&`.
  func withoutCursor(_ cursor: String = "cursor") -> String {
    parameters.filter { $0.name != cursor }.reduce(into: "") { text, parameter in
      text += PercentEncoding.encode(parameter.name)
      text += "=\(PercentEncoding.encode(parameter.value))&"
    }
  }

  /// One to nineteen ASCII digits as a number; nil for anything else and beyond 64 bits.
  static func digits(_ text: String) -> Int64? {
    let bytes = text.utf8
    guard (1...19).contains(bytes.count),
      bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int64(text)
  }
}
