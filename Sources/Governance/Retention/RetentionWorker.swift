// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import ServiceLifecycle

/// Purges what has expired, again and again; any number of instances may.
///
/// It works on one connection of the pool at a time. When the database is away it tries again with growing
/// pauses, and says so once.
package struct RetentionWorker: Service, Sendable {
  static let duty = "retention"
  /// The longest pause after a failure.
  private static let longestPause = Duration.seconds(30)
  /// The longest wait at the start.
  private static let longestDelay = Duration.seconds(5)

  private let retention: Retention
  private let interval: Duration

  /// - Parameter interval: The time between two runs, at the most.
  package init(retention: Retention, interval: Duration) {
    self.retention = retention
    self.interval = interval
  }

  /// Works until a graceful shutdown; what is being purged then is rolled back as a whole.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var failures = 0
      var place: TenantID?
      var suspension: String?
      // Instances that start together need not all look at once.
      var pause = min(interval, Self.longestDelay) * Double.random(in: 0...1)
      while true {
        do {
          try await Task.sleep(for: pause)
        } catch {
          return  // Cancelled: the service is stopping.
        }
        let run = await retention.run(after: place)
        if Task.isCancelled { return }
        place = run.failure == nil ? nil : run.place
        failures = note(run, after: failures)
        if let reason = run.suspension, reason != suspension {
          retention.observer.observe(.retentionSuspended(reason: reason))
        }
        suspension = run.suspension
        pause = self.pause(after: failures, jitter: .random(in: 0.8...1))
      }
    }
  }

  /// - Parameter jitter: 0 to 1.
  func pause(after failures: Int, jitter: Double) -> Duration {
    guard failures > 0 else { return interval * jitter }
    let growing = Duration.seconds(1 << min(failures - 1, 5))
    return min(growing, Self.longestPause) * jitter
  }

  /// Tells of the first of several failures, and of their end; returns how many there are now.
  private func note(_ run: RetentionRun, after failures: Int) -> Int {
    let observer = retention.observer
    guard let failure = run.failure else {
      if failures > 0 { observer.observe(.dutyResumed(duty: Self.duty)) }
      return 0
    }
    let code = (failure as? DomainError)?.code
    let what =
      code?.rawValue ?? (failure as? ArchiveStoreError)?.description
      ?? (failure as? ErasureLogError)?.description
    // `/readyz` says so.
    if code == .sealed { return failures }
    observer.observe(
      failures == 0
        ? .dutyFailed(duty: Self.duty, what: what ?? "\(type(of: failure))")
        : .dutyFailedAgain(duty: Self.duty))
    return min(failures, 1000) + 1
  }
}
