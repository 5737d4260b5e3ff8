// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Protection
import TestSupport

/// What happened before the database was lost, as those know who are not in it.
struct RestoreHistory: Sendable {
  /// What had been acknowledged before the log of PostgreSQL was seen at a position.
  struct Mark: Sendable {
    let position: Int64
    let receipts: [String: Journal.Receipt]
  }

  let erasing: Erasing
  let things: [Erasing.Thing]
  /// Recordings that are written to and never erased.
  let recordings: [String]
  let journal: Journal
  /// From the base backup on, in order.
  let marks: [Mark]

  /// Makes things, a base backup, and erases the things while others write; then the database is lost.
  static func play(
    _ backup: PointInTime, log: String, things count: Int
  ) async throws -> RestoreHistory {
    let deployment = backup.deployment
    let erasing = try await Erasing.make(on: deployment)
    let service = try await deployment.startService([
      "HANSARD_ERASURE_LOG_URL": "file://\(log)", "HANSARD_RETENTION_INTERVAL_SECONDS": "1",
    ])
    let client = service.client(erasing.key)
    // The log has begun when the backup is made.
    let early = try await client.make(.purgedRecording)
    try await erasing.everythingIsLogged()
    let things = try await erasing.things(count, on: service)
    let recordings = [try await client.startRecording(), try await client.startRecording()]
    try await backup.makeBaseBackup()

    let journal = Journal()
    let marks = try await withThrowingTaskGroup(of: Void.self) { group in
      let isOver = Flag()
      for number in 0..<4 {
        let writer = Writer(
          number: number, recording: recordings[number % 2], client: client, journal: journal,
          rate: 100)
        group.addTask { try await writer.write { isOver.isSet } }
      }
      defer { isOver.set() }
      var marks = [try await mark(backup, journal)]
      for (number, thing) in things.enumerated() {
        try await erasing.erase(thing, on: service)
        if number == things.count / 2 { try await erasing.shred() }
        try await journal.grows(by: 5, among: [service], on: deployment.postgres)
        marks.append(try await mark(backup, journal))
      }
      try await erasing.everythingIsGone(things, on: service)
      isOver.set()
      try await group.waitForAll()
      return marks
    }
    guard try await client.send(.get, Paths.recording(early)).status == 410 else {
      throw TestSupportError("the first one is not gone")
    }
    try await erasing.everythingIsLogged()
    try await backup.archiveAll()
    await service.kill()
    await deployment.postgres.kill()
    return RestoreHistory(
      erasing: erasing, things: things, recordings: recordings, journal: journal, marks: marks)
  }

  private static func mark(_ backup: PointInTime, _ journal: Journal) async throws -> Mark {
    // First what was acknowledged: all of that had been flushed.
    let receipts = journal.receipts
    return Mark(position: try await backup.position(), receipts: receipts)
  }

  /// Compares what is stored with what had been acknowledged when a position was reached.
  func findings(
    in stored: [Testimony.Stored], at position: Int64
  ) -> (findings: [Testimony.Finding], acknowledged: Int) {
    let receipts = marks.last { $0.position <= position }?.receipts ?? [:]
    let testimony = Testimony(sent: journal.sent, receipts: receipts)
    return (testimony.findings(in: stored), receipts.count)
  }
}

extension Erasing {
  /// Waits until the log has everything that was erased.
  func everythingIsLogged() async throws {
    try await eventually("a log with every erasure") {
      try await deployment.value("select count(*) from hansard.erasures", as: Int64.self) == 0
    }
  }

  /// Waits until nothing of it is told any more: what has expired is purged within a minute.
  func everythingIsGone(_ things: [Thing], on service: Service) async throws {
    try await eventually(within: .seconds(90), "everything erased") {
      try await deployment.value("select count(*) from hansard.recording_keys", as: Int64.self)
        == 2
    }
    let told = try await told(things, by: service)
    guard told.isEmpty else { throw TestSupportError("not erased: \(told)") }
  }
}
