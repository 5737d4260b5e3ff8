// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Many events per request at 8 connections, beside what PostgreSQL does with as many rows.
struct Batches: Sendable {
  let size: Int

  private static let connections = 8

  func measure(on stage: Stage) async throws -> [Figure] {
    let body = try stage.ground.write(EventText.batch(size), to: "batch-\(size).json")
    let load = Wrk.Load.append(
      suffix: "events", recordings: stage.recordingsFile, body: body, delayMilliseconds: 0)
    return try await Service.with(on: stage.ground) { service in
      var cost = ProcessorCost()
      let rounds = try await Rounds.alternate("batch\(size)", stage.plan.ofRates) { seconds in
        try await yardstick(stage, seconds)
      } tried: { seconds in
        let report = try await cost.charge(service, stage.ground, events: size) {
          try await stage.wrk.run(
            load, port: service.ports.main, key: stage.tenant.recorderKey,
            connections: Self.connections, seconds: seconds)
        }
        return report.rate * Double(size)
      }
      let isSmall = size == 100
      return [
        stage.figure(isSmall ? .batch100 : .batch1000, rounds.ratios),
        Figure(
          context: isSmall ? "P64 beside batches of 100, rows/s" : "PB, rows/s",
          rounds: rounds.base),
        Figure(context: "events/s by batches of \(size)", rounds: rounds.tried),
      ] + cost.figures(stage.plan.rateRounds, of: "event in batches of \(size)")
    }
  }

  private func yardstick(_ stage: Stage, _ seconds: Int) async throws -> Double {
    size == 100
      ? try await stage.pgbench.singleRows(clients: 64, seconds: seconds)
      : try await stage.pgbench.multiRows(clients: Self.connections, seconds: seconds)
  }
}
