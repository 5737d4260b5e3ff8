// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The migrations that this build knows, from version 1 without gaps.
package struct MigrationSet: Sendable, Equatable {
  /// Sorted by version.
  package let migrations: [Migration]

  /// The highest version; 0 when there is none.
  package var latest: Int { migrations.last?.version ?? 0 }

  /// Reads the pairs `NNNN_name.up.sql` and `NNNN_name.down.sql` of a directory.
  ///
  /// Everything that may be a mistake is refused with the file named: other files, a half of a
  /// pair, a gap or a number used twice, an unknown `-- migrate:` marker, SQL that is empty, not
  /// UTF-8, ends inside a quote, or begins and ends transactions itself.
  package static func load(directory: String) throws(MigrationError) -> MigrationSet {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: directory)
    } catch {
      throw .invalidSet("\(directory) cannot be read")
    }
    var files: [(FileName, SQLFile)] = []
    for name in names.sorted() {
      guard let parsed = FileName(name) else {
        throw .invalidFile(
          name, line: nil,
          reason: "is not named NNNN_name.up.sql or NNNN_name.down.sql (a-z, 0-9 and _)")
      }
      files.append((parsed, try read(name, in: directory)))
    }
    return MigrationSet(migrations: try pair(files))
  }

  package subscript(version version: Int) -> Migration? {
    migrations.first { $0.version == version }
  }

  private static func read(
    _ name: String, in directory: String
  ) throws(MigrationError) -> SQLFile {
    guard let bytes = FileManager.default.contents(atPath: "\(directory)/\(name)") else {
      throw .invalidFile(name, line: nil, reason: "cannot be read")
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw .invalidFile(name, line: nil, reason: "is not UTF-8 text")
    }
    let file = SQLFile(name: name, text: text)
    try check(file)
    return file
  }

  private static func check(_ file: SQLFile) throws(MigrationError) {
    let isDown = file.name.hasSuffix(".down.sql")
    let unknown = file.markerTexts.first { text in
      guard let marker = MigrationMarker(text) else { return true }
      return !isDown && marker.isOfDownFilesOnly
    }
    if let unknown {
      let words = unknown.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      throw .invalidFile(file.name, line: nil, reason: "has an unknown marker '\(words)'")
    }
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count(where: { $0.hasPrefix(SQLFile.markerPrefix) }) == file.markerTexts.count
    else {
      throw .invalidFile(file.name, line: nil, reason: "has a marker below its first statement")
    }
    let statements: [SQLStatement]
    do throws(SQLScriptError) {
      statements = try SQLScript.statements(of: file.text)
    } catch {
      throw .invalidFile(file.name, line: error.line, reason: error.reason)
    }
    guard !statements.isEmpty else {
      throw .invalidFile(file.name, line: nil, reason: "holds no statement")
    }
    if let control = statements.first(where: \.isTransactionControl) {
      throw .invalidFile(
        file.name, line: control.line,
        reason: "'\(control.words.first ?? "")': transactions are the migrator's")
    }
  }

  private static func pair(
    _ files: [(FileName, SQLFile)]
  ) throws(MigrationError) -> [Migration] {
    var migrations: [Migration] = []
    for version in Set(files.map(\.0.version)).sorted() {
      let found = files.filter { $0.0.version == version }
      guard version == migrations.count + 1 else {
        throw .invalidFile(
          found.first?.1.name ?? "", line: nil,
          reason: "version \(migrations.count + 1) is missing before it")
      }
      let ups = found.filter { $0.0.isUp }
      let downs = found.filter { !$0.0.isUp }
      guard let (name, up) = ups.first else {
        throw .invalidFile(downs[0].1.name, line: nil, reason: "has no up file beside it")
      }
      if let second = (ups.dropFirst().first ?? downs.first { $0.0.name != name.name }) {
        throw .invalidFile(
          second.1.name, line: nil, reason: "has the same version as \(up.name)")
      }
      guard let (_, down) = downs.first else {
        throw .invalidFile(up.name, line: nil, reason: "has no down file beside it")
      }
      if let oldest = down.compatibleWith, oldest >= version {
        throw .invalidFile(
          down.name, line: nil,
          reason: "is compatible with \(oldest), not an older version")
      }
      migrations.append(Migration(version: version, name: name.name, up: up, down: down))
    }
    return migrations
  }
}

/// `NNNN_name.up.sql`, taken apart.
private struct FileName {
  let version: Int
  let name: String
  let isUp: Bool

  init?(_ text: String) {
    let digits = text.utf8.prefix(4)
    guard digits.count == 4, digits.allSatisfy({ (48...57) ~= $0 }),
      let version = Int(text.prefix(4)), version > 0
    else { return nil }
    let rest = text.dropFirst(4)
    guard rest.hasPrefix("_"), let suffix = [".up.sql", ".down.sql"].first(where: rest.hasSuffix)
    else { return nil }
    let name = rest.dropFirst().dropLast(suffix.count)
    guard !name.isEmpty,
      name.utf8.allSatisfy({ (97...122) ~= $0 || (48...57) ~= $0 || $0 == 95 })
    else { return nil }
    self.version = version
    self.name = String(name)
    isUp = suffix == ".up.sql"
  }
}
