// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One step of the schema: how to apply it and how to take it back.
package struct Migration: Sendable, Equatable {
  /// 1 and upwards, without gaps.
  package var version: Int
  /// `[a-z0-9_]+`, from the file's name.
  package var name: String
  package var up: SQLFile
  package var down: SQLFile

  /// Whether taking it back loses data that the older schema cannot hold: a line
  /// `-- migrate: destructive` on top of the down file.
  package var isDownDestructive: Bool { down.isDestructive }

  /// Whether it is applied in one transaction; `-- migrate: no-transaction` on top says no.
  package var isTransactional: Bool { up.isTransactional }
}

/// The SQL of one direction of a migration.
package struct SQLFile: Sendable, Equatable {
  /// The file's name, for messages.
  package var name: String
  package var text: String

  package init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  package var isTransactional: Bool { !markers.contains(.noTransaction) }

  package var isDestructive: Bool {
    markers.contains { if case .destructive = $0 { true } else { false } }
  }

  /// What is lost by it, in the words of its markers; else in those of the comment on top.
  package var losses: [MigrationLoss] {
    guard isDestructive else { return [] }
    let named = markers.compactMap { marker -> MigrationLoss? in
      if case .destructive(let loss) = marker { loss } else { nil }
    }
    guard named.isEmpty else { return named }
    let words = topComments.filter { !$0.hasPrefix(Self.markerPrefix) }
      .flatMap { $0.drop { $0 == "-" }.split(separator: " ") }.joined(separator: " ")
    return words.isEmpty ? [] : [MigrationLoss(words: words)]
  }

  /// The version of the oldest build that works with the migration applied; nil: only those that know it.
  package var compatibleWith: Int? {
    markers.lazy.compactMap { if case .compatibleWith(let version) = $0 { version } else { nil } }
      .first
  }

  var markers: [MigrationMarker] { markerTexts.compactMap(MigrationMarker.init) }

  /// What stands behind each `-- migrate:` in the comment lines on top of the file.
  var markerTexts: [String] {
    topComments.filter { $0.hasPrefix(Self.markerPrefix) }
      .map { String($0.dropFirst(Self.markerPrefix.count)) }
  }

  private var topComments: [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " || $0 == "\r" } }
      .prefix { $0.hasPrefix("--") || $0.allSatisfy(\.isWhitespace) }
      .filter { $0.hasPrefix("--") }
  }

  static let markerPrefix = "-- migrate:"
}
