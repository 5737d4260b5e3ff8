// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a replay costs beyond HTTP itself: a page of 100 events, and `GET /livez` on the same port,
/// in turn, on one connection.
struct Replay: Sendable {
  private static let events = 100

  func measure(on stage: Stage) async throws -> [Figure] {
    try await Service.with(on: stage.ground) { service in
      let recording = try await stage.makeRecording(Self.events, on: service)
      let path = "/api/canvas/recording/\(recording)/replay?limit=\(Self.events)"
      let rounds = try await Rounds.alternate("replay", stage.plan) { seconds in
        try await p95("/livez", nil, stage, service, seconds)
      } tried: { seconds in
        try await p95(path, stage.tenant.adminKey, stage, service, seconds)
      }
      return [
        stage.figure(.replay, rounds.ratios),
        Figure(context: "p95 of GET /livez, ms", rounds: rounds.base),
        Figure(context: "p95 of a replay of 100 events, ms", rounds: rounds.tried),
      ]
    }
  }

  private func p95(
    _ path: String, _ key: String?, _ stage: Stage, _ service: Service, _ seconds: Int
  ) async throws -> Double {
    let report = try await stage.wrk.run(
      .get(path: path), port: service.ports.main, key: key, connections: 1, seconds: seconds)
    return report.p95 / 1000
  }
}
