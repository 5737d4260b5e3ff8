// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a tenant that records single events gets beside one that sends batches over as many
/// connections.
struct Fairness: Sendable {
  private static let connections = 64
  private static let batch = 100

  func measure(on stage: Stage) async throws -> [Figure] {
    let quiet = try await Tenant.make("Quiet", on: stage.ground)
    return try await Service.with(on: stage.ground) { service in
      let recordings = try await Stage.start(200, of: quiet, on: service)
      let quietParty = Flood.Party(
        key: quiet.recorderKey, connections: Self.connections, recordings: recordings)
      let noisyParty = Flood.Party(
        key: stage.tenant.recorderKey, connections: Self.connections,
        recordings: stage.recordings, events: Self.batch)
      var (alone, beside): ([FloodOutcome], [FloodOutcome]) = ([], [])
      var noisy: [Double] = []
      let plan = stage.plan.ofRates
      let rounds = try await Rounds.alternate("fairness", plan) { seconds in
        let outcome = try await flood([quietParty], service, seconds)[0]
        alone.append(outcome)
        return outcome.goodput / 2
      } tried: { seconds in
        let outcomes = try await flood([quietParty, noisyParty], service, seconds)
        beside.append(outcomes[0])
        noisy.append(outcomes[1].goodput * Double(Self.batch))
        return outcomes[0].goodput
      }
      return [
        stage.figure(.fairness, rounds.ratios),
        Self.p99("p99 of the quiet tenant alone, ms", alone.suffix(plan.rounds)),
        Self.p99("p99 of the quiet tenant beside a noisy one, ms", beside.suffix(plan.rounds)),
        Figure(
          context: "events/s of the noisy tenant meanwhile", rounds: noisy.suffix(plan.rounds)),
      ]
    }
  }

  private static func p99(_ name: String, _ outcomes: [FloodOutcome]) -> Figure {
    Figure(
      context: name,
      rounds: outcomes.map { Statistics.percentile(99, of: $0.good) ?? .infinity })
  }

  private func flood(
    _ parties: [Flood.Party], _ service: Service, _ seconds: Int
  ) async throws -> [FloodOutcome] {
    try await Flood(port: service.ports.main, parties: parties, seconds: seconds).run()
  }
}
