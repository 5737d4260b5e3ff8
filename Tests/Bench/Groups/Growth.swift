// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Whether an event costs more the more there are in its recording: one connection appends to a long
/// recording and to a fresh one in turn.
struct Growth: Sendable {
  func measure(on stage: Stage) async throws -> [Figure] {
    try await Service.with(on: stage.ground) { service in
      let long = try await stage.makeRecording(stage.plan.longRecording, on: service)
      let rounds = try await Rounds.alternate("growth", stage.plan) { seconds in
        let fresh = try await stage.makeRecording(0, on: service)
        return try await microsecondsPerEvent(fresh, stage, service, seconds)
      } tried: { seconds in
        try await microsecondsPerEvent(long, stage, service, seconds)
      }
      return [
        stage.figure(.growth, rounds.ratios),
        Figure(context: "time of an event in a fresh recording, µs", rounds: rounds.base),
      ]
    }
  }

  private func microsecondsPerEvent(
    _ recording: String, _ stage: Stage, _ service: Service, _ seconds: Int
  ) async throws -> Double {
    let load = Wrk.Load.append(
      suffix: "event", recordings: try stage.ground.write(recording, to: "recording"),
      body: stage.eventFile, delayMilliseconds: 0)
    let report = try await stage.wrk.run(
      load, port: service.ports.main, key: stage.tenant.recorderKey, connections: 1,
      seconds: seconds)
    return Statistics.ratio(1e6, report.rate)
  }
}
