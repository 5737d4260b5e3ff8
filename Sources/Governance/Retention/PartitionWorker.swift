// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import ServiceLifecycle

/// Makes the weekly partitions of `recording_events` ahead of time: at the start and then daily.
///
/// Any number of instances may run it: the function it calls makes a partition once. A recording
/// whose partition is missing all the same (a long retention of its tenant's) makes it at its start.
package struct PartitionWorker: Service, Sendable {
  private let database: Database
  private let retentionDays: Int
  private let interval: Duration

  /// - Parameters:
  ///   - retentionDays: How far ahead events of today may expire by the deployment's default.
  ///   - interval: The time between two rounds; after a failure the next comes after a minute.
  package init(database: Database, retentionDays: Int, interval: Duration = .seconds(86_400)) {
    self.database = database
    self.retentionDays = retentionDays
    self.interval = interval
  }

  /// Works until a graceful shutdown.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let succeeded = await makePartitions()
        let pause = succeeded ? interval : min(interval, .seconds(60))
        do {
          try await Task.sleep(for: pause)
        } catch {
          return  // Cancelled: the service is stopping.
        }
      }
    }
  }

  /// Makes what is missing; true when nothing failed.
  package func makePartitions() async -> Bool {
    do {
      for day in days(from: .now()) {
        let row = try await database.readWithoutTenant(.ensurePartition(day)).first
        if try row?.decode(0, as: Bool.self) ?? false {
          database.observer.observe(.partitionMade(day: String(day.rfc3339.prefix(10))))
        }
      }
      return true
    } catch {
      database.observer.observe(.dutyFailed(duty: "partitions", what: "\(error)"))
      return false
    }
  }

  /// One day of each week from today to four weeks beyond the latest expiry of what starts today.
  private func days(from today: Timestamp) -> [Timestamp] {
    let weeks = min(max(0, retentionDays), 3650) / 7 + 6
    return (0...weeks).map { today.adding(days: 7 * $0) }
  }
}
