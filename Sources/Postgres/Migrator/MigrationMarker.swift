// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a line `-- migrate: …` on top of a migration's file tells the migrator.
enum MigrationMarker: Sendable, Equatable {
  /// `no-transaction`
  case noTransaction
  /// `destructive`: taking it back loses what the comment below says. `destructive: WORDS`, once or more: it
  /// loses this. Of down files.
  case destructive(MigrationLoss?)
  /// `compatible-with: N`: a build whose latest migration is N, or any later one, works with this migration
  /// applied too. Of down files, since these are stored in the database.
  case compatibleWith(Int)

  /// Nil where it is none of them.
  ///
  /// - Parameter text: Everything behind `-- migrate:`.
  init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    switch (parts.first, parts.dropFirst().first) {
    case ("no-transaction", nil): self = .noTransaction
    case ("destructive", nil): self = .destructive(nil)
    case ("destructive", let words?) where !words.isEmpty: self = .destructive(MigrationLoss(words))
    case ("compatible-with", let number?):
      guard number.utf8.allSatisfy({ (48...57) ~= $0 }), let version = Int(number) else {
        return nil
      }
      self = .compatibleWith(version)
    default: return nil
    }
  }

  var isOfDownFilesOnly: Bool { self != .noTransaction }
}

/// Something that is lost when a migration is taken back.
package struct MigrationLoss: Sendable, Equatable, CustomStringConvertible {
  /// What it is, for who decides.
  package var words: String
  /// The table whose rows it is, as `schema.table`, so that they can be counted; nil: not rows of one table.
  package var table: String?
  /// How many rows; nil: not counted. At most one more than `MigrationLoss.countLimit`.
  package var rows: Int64?

  /// Up to here rows are counted.
  static let countLimit: Int64 = 100_000

  init(words: String, table: String? = nil) {
    self.words = words
    self.table = table
  }

  /// `WORDS`, or `WORDS (schema.table)`.
  init(_ text: String) {
    guard text.hasSuffix(")"), let bracket = text.lastIndex(of: "(") else {
      self.init(words: text)
      return
    }
    let table = text[bracket...].dropFirst().dropLast()
    let words = text[..<bracket].split(separator: " ").joined(separator: " ")
    let isName =
      table.split(separator: ".", omittingEmptySubsequences: false).count == 2
      && table.utf8.allSatisfy { (97...122) ~= $0 || (48...57) ~= $0 || $0 == 95 || $0 == 46 }
      && !table.hasPrefix(".") && !table.hasSuffix(".")
    self.init(words: isName && !words.isEmpty ? words : text, table: isName ? String(table) : nil)
  }

  package var description: String {
    switch rows {
    case nil: words
    case let rows? where rows > Self.countLimit: "\(words) (more than \(Self.countLimit) rows)"
    case let rows?: "\(words) (\(rows) \(rows == 1 ? "row" : "rows"))"
    }
  }
}
