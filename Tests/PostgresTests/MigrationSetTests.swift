// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Postgres

@Suite struct MigrationSetTests {
  @Test func loadsPairsInOrder() throws {
    let set = try load([
      "0002_more.down.sql": "-- a comment\n-- migrate: destructive\nselect 4;",
      "0002_more.up.sql": "-- migrate:  no-transaction\n\nselect 3;",
      "0001_first_one.up.sql": "select 1;", "0001_first_one.down.sql": "select 2;",
    ])
    #expect(set.latest == 2)
    #expect(set.migrations.map(\.version) == [1, 2])
    #expect(set.migrations.map(\.name) == ["first_one", "more"])
    #expect(set.migrations.map(\.isTransactional) == [true, false])
    #expect(set.migrations.map(\.isDownDestructive) == [false, true])
    #expect(set[version: 2]?.down.isTransactional == true)
    #expect(set[version: 2]?.down.losses.map(\.words) == ["a comment"])
    #expect(set[version: 3] == nil)
  }

  @Test func readsMarkers() {
    let file = SQLFile(
      name: "x",
      text: """
        -- migrate: destructive: legal  holds (hansard.legal_holds)
        --  migrate: no marker

        -- migrate: destructive: what (and why)
        -- migrate: compatible-with: 20
        -- A comment.
        select 1;
        """)
    #expect(file.isDestructive && file.isTransactional)
    #expect(file.compatibleWith == 20)
    #expect(file.losses.map(\.words) == ["legal holds", "what (and why)"])
    #expect(file.losses.map(\.table) == ["hansard.legal_holds", nil])
    let plain = SQLFile(
      name: "x", text: "-- migrate: destructive\n-- All\n-- of it.\n\n-- Gone.\nselect 1;")
    #expect(plain.losses.map(\.words) == ["All of it. Gone."])
    #expect(plain.compatibleWith == nil)
    #expect(SQLFile(name: "x", text: "-- All of it.\nselect 1;").losses == [])
  }

  /// What is lost is said of every migration that loses something, so that an operator can decide.
  @Test func theProjectsMigrationsSayWhatIsLost() throws {
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    for migration in set.migrations where migration.isDownDestructive {
      #expect(!migration.down.losses.isEmpty, "\(migration.down.name)")
    }
  }

  @Test func loadsAnEmptyDirectory() throws {
    #expect(try load([String: Data]()).latest == 0)
  }

  @Test(arguments: Refused.all)
  func refuses(_ refused: Refused) throws {
    let error = #expect(throws: MigrationError.self) { try load(refused.files) }
    let message = error?.description ?? ""
    #expect(message.contains(refused.file) && message.contains(refused.reason), "\(message)")
  }

  @Test func refusesADirectoryThatIsNotThere() {
    #expect(throws: MigrationError.self) { try MigrationSet.load(directory: "/nowhere/at/all") }
  }

  @Test func theProjectsMigrationsLoad() throws {
    #expect(try MigrationSet.load(directory: ProjectFiles.migrations()).latest >= 1)
  }

  private func load(_ files: [String: String]) throws -> MigrationSet {
    try load(files.mapValues { Data($0.utf8) })
  }

  private func load(_ files: [String: Data]) throws -> MigrationSet {
    let directory = try TemporaryDirectory.make("migrations")
    defer { TemporaryDirectory.remove(directory) }
    for (name, content) in files {
      try content.write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
    }
    return try MigrationSet.load(directory: directory)
  }
}

/// A directory that must not load, and what the error has to name.
struct Refused: Sendable, CustomTestStringConvertible {
  var change: [String: Data?]
  var file: String
  var reason: String

  init(_ change: [String: String?], _ file: String, _ reason: String) {
    self.init(bytes: change.mapValues { $0.map { Data($0.utf8) } }, file, reason)
  }

  init(bytes: [String: Data?], _ file: String, _ reason: String) {
    change = bytes
    self.file = file
    self.reason = reason
  }

  var testDescription: String { "\(file) \(reason)" }

  /// Two good pairs with the change made to them.
  var files: [String: Data] {
    var files = [
      "0001_a.up.sql", "0001_a.down.sql", "0002_b.up.sql", "0002_b.down.sql",
    ].reduce(into: [:]) { $0[$1] = Data("select 1;".utf8) }
    for (name, content) in change { files[name] = content }
    return files
  }

  static let all: [Refused] = [
    Refused(["0002_b.down.sql": nil], "0002_b.up.sql", "no down file"),
    Refused(["0002_b.up.sql": nil], "0002_b.down.sql", "no up file"),
    Refused(
      ["0004_d.up.sql": "select 1", "0004_d.down.sql": "select 1"], "0004_d", "version 3 is missing"
    ),
    Refused(
      ["0001_a.up.sql": nil, "0001_a.down.sql": nil], "0002_b", "version 1 is missing"),
    Refused(
      ["0002_c.up.sql": "select 1", "0002_c.down.sql": "select 1"], "0002_c", "same version"),
    Refused(["0002_b.down.sql": nil, "0002_c.down.sql": "select 1"], "0002_c", "same version"),
    Refused(["README.md": "hello"], "README.md", "is not named"),
    Refused(["0003_c.sql": "select 1"], "0003_c.sql", "is not named"),
    Refused(["3_c.up.sql": "select 1"], "3_c.up.sql", "is not named"),
    Refused(["0000_c.up.sql": "select 1"], "0000_c.up.sql", "is not named"),
    Refused(["0003-c.up.sql": "select 1"], "0003-c.up.sql", "is not named"),
    Refused(["0003_C.up.sql": "select 1"], "0003_C.up.sql", "is not named"),
    Refused(["0003_.up.sql": "select 1"], "0003_.up.sql", "is not named"),
    Refused(["٠٠٠٣_c.up.sql": "select 1"], "٠٠٠٣_c.up.sql", "is not named"),
    Refused(["0002_b.up.sql": ""], "0002_b.up.sql", "no statement"),
    Refused(["0002_b.down.sql": "-- nothing\n;"], "0002_b.down.sql", "no statement"),
    Refused(["0002_b.up.sql": "select 1;\nselect 'x"], "0002_b.up.sql:2", "does not end"),
    Refused(["0002_b.up.sql": "select 1;\ncommit;"], "0002_b.up.sql:2", "'commit'"),
    Refused(["0002_b.up.sql": "-- migrate: quickly\nselect 1"], "0002_b.up.sql", "'quickly'"),
    Refused(["0002_b.up.sql": "-- migrate: destructive\nselect 1"], "0002_b.up.sql", "unknown"),
    Refused(
      ["0002_b.down.sql": "-- migrate: destructive:\nselect 1"], "0002_b.down.sql", "'destructive:'"
    ),
    Refused(
      ["0002_b.up.sql": "-- migrate: compatible-with: 1\nselect 1"], "0002_b.up.sql", "unknown"),
    Refused(
      ["0002_b.down.sql": "-- migrate: compatible-with: a\nselect 1"], "0002_b.down.sql", "unknown"),
    Refused(
      ["0002_b.down.sql": "-- migrate: compatible-with: 2\nselect 1"], "0002_b.down.sql",
      "not an older version"),
    Refused(
      ["0002_b.down.sql": "select 1;\n-- migrate: destructive\n"], "0002_b.down.sql", "below"),
    Refused(bytes: ["0002_b.up.sql": Data([0x73, 0xff])], "0002_b.up.sql", "not UTF-8"),
    Refused(bytes: ["0002_b.up.sql": Data("select 1;\0".utf8)], "0002_b.up.sql", "not UTF-8"),
  ]
}
