// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import TestSupport

/// A primary is killed under load and its standby promoted, round after round, with one service
/// that knows both by one connection string; afterwards what clients were promised is compared with
/// what the last primary has.
struct Failover: Sendable {
  var rounds: Int
  /// The defect: nobody waits for the standby, which falls behind before the kill.
  var isSynchronous = true

  /// What came of it.
  struct Report: Sendable {
    var findings: [Testimony.Finding]
    var surprises: [String]
    /// Events whose leaf hash is not what the ledger computes from their columns.
    var wrongLeaves: Int
    /// From the promotion, and from the kill, to the first acknowledgement after it.
    var resumptions: [Duration]
    var pauses: [Duration]
    var stored: Int
    var summary: String
  }

  /// Runs all rounds on a deployment of its own.
  func run() async throws -> Report {
    try await Deployment.with { deployment in
      try await ServerPair.with(deployment) { try await run(deployment, $0) }
    }
  }

  private func run(_ deployment: Deployment, _ pair: ServerPair) async throws -> Report {
    let tenant = try await deployment.makeTenant("failover")
    let key = try await tenant.makeKey(.init("admin", user: "alice")).text
    let journal = Journal()
    return try await deployment.withService(["DATABASE_URL": pair.conninfo]) { service in
      let client = service.client(key)
      let recordings = [try await client.startRecording(), try await client.startRecording()]
      let times = try await withThrowingTaskGroup(of: Void.self) { group in
        let isOver = Flag()
        for number in 0..<8 {
          let writer = Writer(
            number: number, recording: recordings[number % 2], client: client, journal: journal)
          group.addTask { try await writer.write { isOver.isSet } }
        }
        defer { isOver.set() }
        var times: [(Duration, Duration)] = []
        for _ in 0..<rounds { times.append(try await failOver(pair, journal, service)) }
        try await journal.grows(by: 100, among: [service], on: pair.primary)
        isOver.set()
        try await group.waitForAll()
        return times
      }
      var stored: [Testimony.Stored] = []
      for recording in recordings {
        stored += try await client.allEvents(of: recording)
          .map { try Testimony.Stored($0, of: recording) }
      }
      return Report(
        findings: Testimony(journal).findings(in: stored), surprises: journal.surprises,
        wrongLeaves: try await pair.withPrimary { try await LeafAudit.wrongLeaves($0) },
        resumptions: times.map(\.0), pauses: times.map(\.1), stored: stored.count,
        summary: journal.summary)
    }
  }

  /// One round; how long after the promotion, and after the kill, writes went on.
  private func failOver(
    _ pair: ServerPair, _ journal: Journal, _ service: Service
  ) async throws -> (Duration, Duration) {
    let standby = try await pair.makeStandby(isSynchronous: isSynchronous)
    try await journal.grows(by: 100, among: [service], on: pair.primary)
    let killed: ContinuousClock.Instant
    if isSynchronous {
      killed = .now
      await pair.primary.kill()
    } else {
      // More than the sockets between the two hold.
      killed = try await Freeze.hold(standby) {
        try await journal.grows(by: 3000, among: [service], on: pair.primary)
        await pair.primary.kill()
        return .now
      }
    }
    let acknowledged = journal.acknowledgedCount
    try await pair.promote(standby)
    let promoted = ContinuousClock.now
    try await eventually("an acknowledgement by the new primary") {
      journal.acknowledgedCount > acknowledged
    }
    return (.now - promoted, .now - killed)
  }
}
