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

  /// Whether taking it back loses data that the older schema cannot hold: the line
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

  /// The words behind `-- migrate:` in the comment lines on top of the file.
  var markers: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Substring($0.drop { $0 == " " || $0 == "\r" }) }
      .prefix { $0.hasPrefix("--") || $0.allSatisfy(\.isWhitespace) }
      .compactMap { line -> String? in
        guard line.hasPrefix(Self.markerPrefix) else { return nil }
        return line.dropFirst(Self.markerPrefix.count)
          .split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
  }

  package var isTransactional: Bool { !markers.contains(Self.noTransaction) }
  package var isDestructive: Bool { markers.contains(Self.destructive) }

  static let markerPrefix = "-- migrate:"
  static let noTransaction = "no-transaction"
  static let destructive = "destructive"
}
