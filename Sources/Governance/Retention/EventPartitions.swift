// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The end of the weekly partitions of `recording_events`: dropped when their last day is over and nothing of what
/// they hold is to be kept, which costs as little for a million events as for one.
///
/// What is held, or kept longer than was planned, is moved out before. Any number of instances may do this at once.
struct EventPartitions: Sendable {
  /// Recordings that are looked for at a time.
  private static let pageSize = 100
  /// The longest that the moving of a recording may take: it may have millions of events.
  private static let deadline = Duration.seconds(600)

  let database: Database

  /// Drops what can be dropped; the rest is left for the next time.
  ///
  /// - Returns: How many were dropped.
  func dropPast() async throws -> Int64 {
    var dropped: Int64 = 0
    let partitions = try await database.readAsRetention(.pastEventPartitions)
    for row in partitions {
      let name: String = try row.decode(0)
      guard try await clear(upTo: row.decode(1)) else { continue }
      if try await drop(name) {
        dropped += 1
        database.observer.observe(.partitionDropped(name: name))
      }
    }
    return dropped
  }

  /// Moves what lies before `day` and is to be kept; whether nothing is left.
  private func clear(upTo day: String) async throws -> Bool {
    while true {
      try Task.checkCancellation()
      let rows = try await database.readAsRetention(
        .recordingsInTheWay(upTo: day, most: Self.pageSize), deadline: Self.deadline)
      if rows.isEmpty { return true }
      var hasMoved = false
      for row in rows {
        var column = row.reader()
        let tenant: TenantID = try column.serverID()
        let recording: RecordingID = try column.serverID()
        // Without a target it is yet to be purged, or closed before that.
        guard let target = try column.next(String?.self) else { continue }
        if try await move(recording, of: tenant, to: target) { hasMoved = true }
      }
      guard hasMoved else { return false }
    }
  }

  private func move(
    _ recording: RecordingID, of tenant: TenantID, to target: String
  ) async throws -> Bool {
    let events = try await database.transaction(of: tenant) { transaction in
      transaction.enqueue(.actAsRetention)
      let rows = try await transaction.execute(
        .moveRecording(recording, to: target), deadline: Self.deadline)
      guard let row = rows.first else { throw DomainError.unreadable }
      return try row.decode(0, as: Int64?.self)
    }
    guard let events else { return false }
    database.observer.observe(
      .recordingMoved(tenant: tenant, recording: recording, events: events))
    return true
  }

  /// False where somebody reads events at the moment, and the lock was not to be had; whoever appends or reads
  /// would wait behind this.
  private func drop(_ name: String) async throws -> Bool {
    do {
      let rows = try await database.readAsRetention(.dropEventPartition(name))
      guard let row = rows.first else { throw DomainError.unreadable }
      return try row.decode(0)
    } catch let error as DomainError where error.code == .databaseUnavailable {
      return false
    }
  }
}
