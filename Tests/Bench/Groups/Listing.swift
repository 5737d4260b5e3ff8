// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Whether a page of the list costs more the more recordings a tenant has: an admin lists the newest
/// 50 of a small and of a large tenant in turn, on one connection.
struct Listing: Sendable {
  private static let small = 1000

  func measure(on stage: Stage) async throws -> [Figure] {
    let small = try await fill("Small", Self.small, stage)
    let large = try await fill("Large", stage.plan.listedRecordings, stage)
    return try await Service.with(on: stage.ground) { service in
      let rounds = try await Rounds.alternate("listing", stage.plan) { seconds in
        try await p95(small, stage, service, seconds)
      } tried: { seconds in
        try await p95(large, stage, service, seconds)
      }
      return [
        stage.figure(.listing, rounds.ratios),
        Figure(context: "p95 of a list of 50 at 1,000 recordings, ms", rounds: rounds.base),
      ]
    }
  }

  private func fill(_ name: String, _ count: Int, _ stage: Stage) async throws -> Tenant {
    let tenant = try await Tenant.make(name, on: stage.ground)
    Progress.say("listing: filling a tenant with \(count) recordings")
    try await stage.ground.script(FilledTenant.fill(tenant.id, recordings: count))
    try await stage.ground.script(FilledTenant.settle)
    return tenant
  }

  private func p95(
    _ tenant: Tenant, _ stage: Stage, _ service: Service, _ seconds: Int
  ) async throws -> Double {
    let report = try await stage.wrk.run(
      .get(path: "/api/canvas/recording?limit=50"), port: service.ports.main,
      key: tenant.adminKey, connections: 1, seconds: seconds)
    return report.p95 / 1000
  }
}
