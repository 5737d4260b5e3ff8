// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Reads typed values out of an environment and collects what is wrong with it.
///
/// A variable that is set to the empty string counts as unset, because that is what
/// `${NAME:-}` in a compose file makes of an unset one.
struct EnvironmentReader {
  /// What has been found wrong so far.
  private(set) var problems: [ConfigurationError.Problem] = []
  /// Where each value in force came from; a variable that is missing here has its default.
  private(set) var sources: [Variable: Configuration.Source] = [:]

  private let environment: [String: String]
  private let readFile: (String) throws -> [UInt8]

  init(
    _ environment: [String: String],
    readFile: @escaping (String) throws -> [UInt8] = EnvironmentReader.contents
  ) {
    self.environment = environment.filter { !$0.value.isEmpty }
    self.readFile = readFile
  }

  /// The value as text, from the variable itself or from the file that `…_FILE` names.
  mutating func text(_ variable: Variable) -> String? {
    switch (environment[variable.rawValue], environment[variable.fileVariable]) {
    case (nil, nil): return nil
    case (let value?, nil):
      sources[variable] = .environment
      return value
    case (nil, let path?): return text(of: variable, inFile: path)
    case (_?, _?):
      refuse(variable.rawValue, "is set, and \(variable.fileVariable) as well: set one of them")
      return nil
    }
  }

  /// Whether anything is set, right or wrong.
  func mentions(_ variable: Variable) -> Bool {
    environment[variable.rawValue] != nil || environment[variable.fileVariable] != nil
  }

  /// A whole number within `range`.
  mutating func integer(_ variable: Variable, in range: ClosedRange<Int>, default standard: Int)
    -> Int
  {
    guard let text = text(variable) else { return standard }
    guard let value = Int(text), range.contains(value) else {
      let reason = "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
      refuse(variable.rawValue, reason)
      return standard
    }
    return value
  }

  /// One of the words of `Choice`.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ variable: Variable, default standard: Choice
  ) -> Choice where Choice.RawValue == String {
    guard let text = text(variable) else { return standard }
    guard let value = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      refuse(variable.rawValue, "must be one of \(words)")
      return standard
    }
    return value
  }

  /// Values with commas between them; none where it is not set.
  mutating func list(_ variable: Variable) -> [String] {
    text(variable)?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
  }

  /// `true`, `on`, `yes`, `1` or `false`, `off`, `no`, `0`.
  mutating func flag(_ variable: Variable, default standard: Bool) -> Bool {
    guard let text = text(variable) else { return standard }
    switch text.lowercased() {
    case "true", "on", "yes", "1": return true
    case "false", "off", "no", "0": return false
    default:
      refuse(variable.rawValue, "must be true or false (or on, off, yes, no, 1, 0)")
      return standard
    }
  }

  /// Refuses every variable with our prefix that nobody reads.
  mutating func refuseUnknown() {
    for name in environment.keys.sorted() where name.hasPrefix("HANSARD_") {
      guard !Variable.isKnown(name) else { continue }
      let hint = Variable.closest(to: name).map { " (did you mean \($0)?)" } ?? ""
      refuse(name, "is not a variable of this program\(hint)")
    }
  }

  /// Takes note of a problem with `name`.
  mutating func refuse(_ name: String, _ reason: String) {
    // A variable's name is the caller's text too: it must not break out of its line.
    let visible = String(decoding: name.utf8.filter { (0x21...0x7E).contains($0) }, as: UTF8.self)
    problems.append(.init(variable: visible, reason: reason))
  }

  private mutating func text(of variable: Variable, inFile path: String) -> String? {
    do {
      let bytes = try readFile(path)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        refuse(variable.fileVariable, "names a file that is not UTF-8 text")
        return nil
      }
      let trimmed = text.trimmingCharacters(in: .newlines)
      guard !trimmed.isEmpty else {
        refuse(variable.fileVariable, "names an empty file")
        return nil
      }
      sources[variable] = .file
      return trimmed
    } catch {
      refuse(variable.fileVariable, "names a file that cannot be read")
      return nil
    }
  }

  /// The file's bytes; a secret is short, so a file above 64 KiB is not one.
  private static func contents(of path: String) throws -> [UInt8] {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { handle.closeFile() }
    let limit = 64 * 1024
    let data = try handle.read(upToCount: limit + 1) ?? Data()
    guard data.count <= limit else { throw CocoaError(.fileReadTooLarge) }
    return Array(data)
  }
}
