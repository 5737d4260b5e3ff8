// Hansard
// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct LimitWorkerTests {
  /// Started and stopped many times while it works.
  @Test func itStopsWhenItIsAskedTo() async throws {
    try await Fixture.run { fixture in
      let limits = TenantLimits(eventsPerDay: 1000)
      _ = try await fixture.hansard.policies.set(
        .init(retentionDays: nil, reviewSamplePercent: 0, limits: limits), replacing: 0,
        by: fixture.acme.admin)
      for number in 0..<20 {
        let limiter = Limiter(database: fixture.hansard.limiter.database)
        _ = try await limiter.take(1, of: .events, for: fixture.acme.tenant)
        let worker = LimitWorker(limiter: limiter, interval: .milliseconds(number % 4))
        let group = ServiceGroup(
          configuration: .init(
            services: [worker], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        async let run: Void = group.run()
        for _ in 0..<number { await Task.yield() }
        await group.triggerGracefulShutdown()
        try await run
      }
      let claimed = try await TestDatabase.current.psql("select claimed from hansard.daily_usage")
      #expect(claimed == "20\n")
    }
  }
}
