// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Synchronization

/// Whether the database's clock may be believed: what expires goes by it alone.
///
/// A clock that is set wrong must not purge anything. Before each run the database compares its time with that of
/// the last run of any instance; this process adds what a clock that cannot be set says has passed since its own
/// last run, and its host's time. Where they disagree by more than an hour, purging is suspended for everybody until
/// somebody has looked (`hansard retention confirm-clock`).
final class RetentionClock: Sendable {
  private struct Look {
    /// The database's time.
    let moment: Timestamp
    let instant: ContinuousClock.Instant
  }

  private let last = Mutex<Look?>(nil)

  /// Why nothing may be purged; nil: the clock is right, for the next hour.
  func check(_ database: Database) async throws -> String? {
    let before = last.withLock { $0 }
    let elapsed = before.map { Double(($0.instant.duration(to: .now)).microseconds) / 1_000_000 }
    let rows = try await database.readAsRetention(
      .checkRetentionClock(hostNow: .now(), since: before?.moment, elapsed: elapsed))
    guard let row = rows.first else { throw DomainError.unreadable }
    let look = Look(moment: try row.decode(0), instant: .now)
    let reason = try row.decode(1, as: String?.self)
    // Once somebody has confirmed the clock, what was before the jump says nothing any more.
    last.withLock { $0 = reason == nil ? look : nil }
    return reason
  }

  /// Somebody has looked, and it is right.
  func confirm(_ database: Database, by actor: String) async throws {
    _ = try await database.readAsRetention(.confirmRetentionClock(by: actor))
    last.withLock { $0 = nil }
  }
}
