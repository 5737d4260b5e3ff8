// Hansard
// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// Makes the limiter's rounds.
package struct LimitWorker: Service, Sendable {
  private let limiter: Limiter
  private let interval: Duration

  /// - Parameter interval: The time between two rounds: how long a change of policy takes to reach
  ///   this instance from another one.
  package init(limiter: Limiter, interval: Duration = .seconds(2)) {
    self.limiter = limiter
    self.interval = interval
  }

  /// Works until a graceful shutdown, and then gives back what is held of quotas.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          try await Task.sleep(for: interval)
        } catch {
          return  // Cancelled: the service is stopping.
        }
        await reporting { try await limiter.makeRound() }
      }
    }
    // In a task of its own, which nobody has cancelled.
    await Task { await reporting { try await limiter.end() } }.value
  }

  private func reporting(_ duty: () async throws -> Void) async {
    do {
      try await duty()
    } catch {
      limiter.database.observer.observe(.dutyFailed(duty: "limits", what: "\(error)"))
    }
  }
}
