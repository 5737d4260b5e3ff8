// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// Purges what has reached the end of its retention: of every tenant, in bounded pieces, each in a transaction of
/// its own. Any number of instances may at once, and each may end at any point: what is due is settled by the
/// database, under the locks of the rows that go.
package struct Retention: Sendable {
  let gate: Gate
  private let kinds: [RetentionKind]
  private let partitions: EventPartitions
  /// What needs more than the database; nil: there is no archive.
  private let archives: RetentionKind?
  private let clock = RetentionClock()
  private let erasures: ErasureLog?
  private let erasureGuard: ErasureGuard?

  /// Wires the kinds of things that expire.
  ///
  /// - Parameter erasures: Where erasures are written to, and who asks whether they may be.
  init(gate: Gate, recordings: Recordings, erasures: (log: ErasureLog, guard: ErasureGuard)? = nil)
  {
    self.gate = gate
    self.erasures = erasures?.log
    erasureGuard = erasures?.guard
    partitions = EventPartitions(database: gate.database)
    archives = recordings.archive.map { .archives(gate, $0) }
    // What ends a recording and settles when it expires comes before what goes by that.
    kinds = [
      .abandoned(recordings), .changes(gate, recordings.settings), .recordings(gate),
      .recoveries(gate), .leftovers(gate.database),
    ]
  }

  var observer: Observer { gate.database.observer }

  /// How many tenants are looked for at a time.
  private static let pageSize = 100
  /// After so many failures in a row it is not the tenant.
  private static let patience = 3

  /// Purges until nothing is due that can be had. What others hold at the moment is left to the next run; a
  /// tenant that fails does not keep others from their turn.
  ///
  /// - Parameter place: Where the run before broke off: it begins behind it.
  package func run(after place: TenantID? = nil) async -> RetentionRun {
    var run = RetentionRun(place: place)
    do {
      // A service that is sealed writes nothing.
      try await gate.vault.verify(against: gate.database)
      // Neither does one whose database comes from the past.
      try await erasureGuard?.requireCurrent()
      run.suspension = try await clock.check(gate.database)
      observer.set(.retentionSuspended, to: run.suspension == nil ? 0 : 1)
      if run.suspension != nil { return run }
      var isDone = false
      while !isDone {
        isDone = true
        for kind in kinds where try await pass(kind, &run) { isDone = false }
      }
      run.tally.partitions += try await partitions.dropPast()
      // Last, and each for itself: a store that is away keeps nothing else from being done.
      let isLogged = await logErasures(&run)
      if let archives { while try await pass(archives, &run) {} }
      guard isLogged else { return run }
      observer.set(.retentionLastRun, to: Int(Timestamp.now().microseconds / 1_000_000))
    } catch {
      if run.failure == nil { run.failure = error }
    }
    return run
  }

  /// How retention stands over all tenants.
  package func status() async throws -> RetentionStatus {
    let deadline = RecoveryAudit.longDeadline
    let recordings = try await gate.database.readAsRetention(
      .recordingRetention, deadline: deadline)
    let recoveries = try await gate.database.readAsRetention(.recoveryRetention, deadline: deadline)
    let archives = try await gate.database.readAsRetention(.recordingArchiving, deadline: deadline)
    guard let recordings = recordings.first, let recoveries = recoveries.first,
      let archives = archives.first
    else { throw DomainError.unreadable }
    return try RetentionStatus(recordings: recordings, recoveries: recoveries, archives: archives)
  }

  /// Lets purging go on after the database's clock has jumped, and somebody has looked at it.
  package func confirmClock(by actor: String) async throws {
    try await clock.confirm(gate.database, by: actor)
  }

  /// Writes what was erased to its log, where there is one; false where that failed, which the run tells.
  private func logErasures(_ run: inout RetentionRun) async -> Bool {
    do {
      let count = try await erasures?.write() ?? 0
      if count > 0 { observer.observe(.erasuresLogged(count: count)) }
      return true
    } catch {
      run.failure = error
      return false
    }
  }

  /// One piece of each tenant that has something due, so that none waits for all of another's; true where
  /// there may be more.
  private func pass(_ kind: RetentionKind, _ run: inout RetentionRun) async throws -> Bool {
    guard let start = run.place else { return try await walk(kind, after: nil, upTo: nil, &run) }
    let rest = try await walk(kind, after: start, upTo: nil, &run)
    let beginning = try await walk(kind, after: nil, upTo: start, &run)
    return rest || beginning
  }

  private func walk(
    _ kind: RetentionKind, after start: TenantID?, upTo end: TenantID?, _ run: inout RetentionRun
  ) async throws -> Bool {
    var place = start
    var mayHaveMore = false
    while true {
      let tenants = try await kind.due(place, end, Self.pageSize)
      guard let last = tenants.last else { return mayHaveMore }
      run.place = last
      // In any order, so that several instances seldom meet.
      for tenant in tenants.shuffled() where try await purge(kind, of: tenant, &run) {
        mayHaveMore = true
      }
      if tenants.count < Self.pageSize { return mayHaveMore }
      place = last
    }
  }

  private func purge(
    _ kind: RetentionKind, of tenant: TenantID, _ run: inout RetentionRun
  ) async throws -> Bool {
    try Task.checkCancellation()
    do {
      let piece = try await kind.purge(tenant)
      run.add(piece.tally)
      return piece.mayHaveMore
    } catch {
      run.failure = error
      run.failuresInARow += 1
      if run.failuresInARow >= Self.patience { throw error }
      return false
    }
  }
}

/// One kind of thing that expires.
struct RetentionKind: Sendable {
  /// So many tenants that have something due, in the order of their ids, after one and up to another.
  let due: @Sendable (_ after: TenantID?, _ upTo: TenantID?, _ most: Int) async throws -> [TenantID]
  /// Purges a bounded piece of what is due in a tenant.
  let purge: @Sendable (TenantID) async throws -> RetentionPiece
}

/// What was purged of a tenant at a time.
struct RetentionPiece: Sendable {
  let tally: RetentionTally
  /// Whether it ended at its bound rather than with what was due.
  let mayHaveMore: Bool
}

/// What was purged.
package struct RetentionTally: Sendable, Equatable {
  /// Recordings whose content was destroyed.
  package var recordings: Int64 = 0
  /// Events that were in them.
  package var events: Int64 = 0
  /// Sessions whose content was destroyed.
  package var recoverySessions: Int64 = 0
  /// Attempts that were in them.
  package var recoveryAttempts: Int64 = 0
  /// Notices, kept answers and tickets that were deleted.
  package var leftovers: Int64 = 0
  /// Partitions of events that were dropped.
  package var partitions: Int64 = 0

  /// Recordings that nobody had stopped and that were completed as failed.
  package var abandonedRecordings: Int64 = 0
  /// Recordings that expire at another time, since a policy has changed.
  package var changedRecordings: Int64 = 0
  /// Recordings whose events were moved to the archive.
  package var archivedRecordings: Int64 = 0
  /// Archives of purged recordings that were destroyed.
  package var destroyedArchives: Int64 = 0

  fileprivate static func += (sum: inout RetentionTally, other: RetentionTally) {
    sum.recordings += other.recordings
    sum.events += other.events
    sum.recoverySessions += other.recoverySessions
    sum.recoveryAttempts += other.recoveryAttempts
    sum.leftovers += other.leftovers
    sum.partitions += other.partitions
    sum.abandonedRecordings += other.abandonedRecordings
    sum.changedRecordings += other.changedRecordings
    sum.archivedRecordings += other.archivedRecordings
    sum.destroyedArchives += other.destroyedArchives
  }
}

/// How a run went.
package struct RetentionRun: Sendable {
  package fileprivate(set) var tally = RetentionTally()
  /// Why nothing was purged: the database's clock has jumped.
  package fileprivate(set) var suspension: String?
  /// The last failure; what was purged all the same is in the tally.
  package fileprivate(set) var failure: (any Error)?
  /// How far it came among the tenants.
  package fileprivate(set) var place: TenantID?
  fileprivate var failuresInARow = 0

  fileprivate init(place: TenantID?) { self.place = place }

  fileprivate mutating func add(_ other: RetentionTally) {
    tally += other
    failuresInARow = 0
  }
}

/// How retention stands.
package struct RetentionStatus: Sendable {
  /// Recordings that have expired, are not held and not purged yet.
  package var dueRecordings: Int64
  /// When the first of them expired.
  package var oldestDueRecording: Timestamp?
  /// Recordings that a legal hold is on.
  package var heldRecordings: Int64
  /// Purged recordings whose events, unreadable by now, are still to be deleted one by one.
  package var unsweptRecordings: Int64
  /// Recordings that were purged so far, by expiry or deleted by an admin.
  package var purgedRecordings: Int64
  package var lastRecordingPurgedAt: Timestamp?
  /// Recordings whose events are read from the archive.
  package var archivedRecordings: Int64
  /// Archives that are being written, or were when something was interrupted.
  package var archivesInProgress: Int64
  /// Archives of purged recordings that are still to be destroyed.
  package var condemnedArchives: Int64
  /// Since when nothing is purged, because the database's clock has jumped, and how.
  package var suspendedAt: Timestamp?
  package var suspendedBecause: String?
  /// Recovery sessions that have expired and are not purged yet.
  package var dueRecoveries: Int64
  /// When the first of these expired.
  package var oldestDue: Timestamp?
  /// Purged and cleared sessions whose attempts, unreadable by now, are still to be deleted.
  package var unsweptRecoveries: Int64
  /// Recovery sessions that were purged so far.
  package var purgedRecoveries: Int64
  package var lastPurgedAt: Timestamp?
}
