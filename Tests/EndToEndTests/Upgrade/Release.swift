// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport

/// A build of the program with the migrations that belong to it.
struct Release: Sendable {
  var program: String
  /// The directory of its migrations.
  var migrations: String
  /// Its latest migration.
  var version: Int

  init(program: String, migrations: String) throws {
    self.program = program
    self.migrations = migrations
    version = try MigrationSet.load(directory: migrations).latest
  }

  /// What was built together with these tests.
  static func current() throws -> Release {
    try Release(program: Executable.path(), migrations: ProjectFiles.migrations())
  }

  /// An older build, as `scripts/upgrade-drill` hands it over; nil where it does not.
  static func older() throws -> Release? {
    let environment = ProcessInfo.processInfo.environment
    guard let program = environment["E2E_OLD_PROGRAM"],
      let migrations = environment["E2E_OLD_MIGRATIONS"]
    else { return nil }
    return try Release(program: program, migrations: migrations)
  }

  /// The same program with further migrations, copied into `directory`: what a next release might bring. Two
  /// steps, of which one makes an index beside the service's writes, and one locks the tables of recordings
  /// and events.
  ///
  /// - Parameter loss: SQL that the way back of the second step runs beforehand: a planted defect.
  func next(in directory: String, losing loss: String = "") throws -> Release {
    try FileManager.default.copyItem(atPath: migrations, toPath: directory)
    let compatible = "-- migrate: compatible-with: \(version)"
    let files = [
      "expand.up": """
      set local role hansard_owner;
      create table hansard.drill_notes (note text not null);
      insert into hansard.drill_notes values ('one'), ('two');
      alter table hansard.canvas_recordings add column drill_note text;
      alter table hansard.recording_events add column drill_note text;
      reset role;
      """,
      "expand.down": """
      -- migrate: destructive: notes of the drill (hansard.drill_notes)
      \(compatible)
      \(loss)
      set local role hansard_owner;
      alter table hansard.recording_events drop column drill_note;
      alter table hansard.canvas_recordings drop column drill_note;
      drop table if exists hansard.drill_notes;
      reset role;
      """,
      "index.up": """
      -- migrate: no-transaction
      set role hansard_owner;
      drop index concurrently if exists hansard.canvas_recordings_drill;
      create index concurrently canvas_recordings_drill on hansard.canvas_recordings (tenant_id, agent_id);
      reset role;
      """,
      "index.down": """
      -- migrate: no-transaction
      \(compatible)
      set role hansard_owner;
      drop index concurrently if exists hansard.canvas_recordings_drill;
      reset role;
      """,
    ]
    for (name, text) in files {
      let number = name.hasPrefix("index") ? version + 1 : version + 2
      let digits = String(number)
      let file =
        String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_drill_\(name).sql"
      try text.write(toFile: "\(directory)/\(file)", atomically: true, encoding: .utf8)
    }
    return try Release(program: program, migrations: directory)
  }
}
