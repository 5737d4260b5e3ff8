// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres

/// What requests, or events in batches, take of the processors: in the service, and in PostgreSQL with
/// its background processes. The load generator is neither.
struct ProcessorCost: Sendable {
  private var service: [Double] = []
  private var postgres: [Double] = []

  /// Runs a load and charges what was used meanwhile to the units it came to, `events` a request.
  mutating func charge(
    _ running: Service, _ ground: Ground, events: Int = 1, _ load: () async throws -> WrkReport
  ) async throws -> WrkReport {
    let before = await Self.now(running, ground)
    let report = try await load()
    let after = await Self.now(running, ground)
    let units = Double(report.requests * events)
    service.append(
      Statistics.ratio(after.service.microseconds(since: before.service), units))
    postgres.append(
      Statistics.ratio(after.postgres.microseconds(since: before.postgres), units))
    return report
  }

  /// Backends may have been started by the load.
  private static func now(
    _ running: Service, _ ground: Ground
  ) async -> (service: ProcessorTime, postgres: ProcessorTime) {
    (
      ProcessorTime(of: [running.processID]),
      ProcessorTime(of: await ground.postgres.backends())
    )
  }

  /// The last `count` rounds, which leaves out the warm-up.
  func figures(_ count: Int, of unit: String) -> [Figure] {
    [
      Figure(
        context: "processor time of the service per \(unit), µs", rounds: service.suffix(count)),
      Figure(
        context: "processor time of PostgreSQL per \(unit), µs", rounds: postgres.suffix(count)),
    ]
  }
}
