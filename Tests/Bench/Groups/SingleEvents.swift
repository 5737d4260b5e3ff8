// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One event per request over many open recordings, beside single-row inserts of as many clients.
struct SingleEvents: Sendable {
  let connections: Int

  private var id: FigureID {
    switch connections {
    case 1: .single1
    case 8: .single8
    default: .single64
    }
  }

  func measure(on stage: Stage) async throws -> [Figure] {
    try await Service.with(on: stage.ground) { service in
      var cost = ProcessorCost()
      let rounds = try await Rounds.alternate("single\(connections)", stage.plan.ofRates) {
        seconds in
        try await stage.pgbench.singleRows(clients: connections, seconds: seconds)
      } tried: { seconds in
        try await cost.charge(service, stage.ground) {
          try await stage.wrk.run(
            stage.singleEvents, port: service.ports.main, key: stage.tenant.recorderKey,
            connections: connections, seconds: seconds)
        }.rate
      }
      return [
        stage.figure(id, rounds.ratios),
        Figure(context: "P\(connections), rows/s", rounds: rounds.base),
        Figure(context: "POSTs/s at \(connections)", rounds: rounds.tried),
      ] + cost.figures(stage.plan.rateRounds, of: "request at \(connections)")
        + resident(service, stage)
    }
  }

  /// The service did nothing but this run, so its memory is what the run left.
  private func resident(_ service: Service, _ stage: Stage) -> [Figure] {
    guard connections == 64 else { return [] }
    return [stage.figure(.resident, [service.residentMegabytes ?? .infinity], .largest)]
  }
}
