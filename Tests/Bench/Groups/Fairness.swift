// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a tenant with 64 connections gets while another floods the service with 640.
struct Fairness: Sendable {
  private static let quiet = 64
  private static let noisy = 640

  func measure(on stage: Stage) async throws -> [Figure] {
    let quiet = try await Tenant.make("Quiet", on: stage.ground)
    return try await Service.with(on: stage.ground) { service in
      let recordings = try await Stage.start(200, of: quiet, on: service)
      let quietParty = Flood.Party(
        key: quiet.recorderKey, connections: Self.quiet, recordings: recordings)
      let noisyParty = Flood.Party(
        key: stage.tenant.recorderKey, connections: Self.noisy, recordings: stage.recordings)
      var latencies: [Double] = []
      let rounds = try await Rounds.alternate("fairness", stage.plan) { seconds in
        let outcomes = try await flood([quietParty], service, seconds)
        return outcomes.map(\.goodput).reduce(0, +) / 2
      } tried: { seconds in
        let outcomes = try await flood([quietParty, noisyParty], service, seconds)
        latencies.append(Statistics.percentile(99, of: outcomes[0].good) ?? .infinity)
        return outcomes[0].goodput
      }
      return [
        stage.figure(.fairness, rounds.ratios),
        Figure(context: "p99 of the quiet tenant beside a noisy one, ms", rounds: latencies),
      ]
    }
  }

  private func flood(
    _ parties: [Flood.Party], _ service: Service, _ seconds: Int
  ) async throws -> [FloodOutcome] {
    try await Flood(port: service.ports.main, parties: parties, seconds: seconds).run()
  }
}
