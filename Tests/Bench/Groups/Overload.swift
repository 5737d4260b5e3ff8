// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What is left of the throughput when far more is asked than can be done, and how the rest is
/// refused.
///
/// Every connection asks again at once, also after a refusal. What is best is measured in each round
/// with 64 and with 256 connections; ten times the connections that saturate the service follow, then
/// as many as it accepts.
struct Overload: Sendable {
  private static let ordinary = [64, 256]
  private static let tenfold = 640
  private static let crowd = 4000

  func measure(on stage: Stage) async throws -> [Figure] {
    try await Service.with(on: stage.ground) { service in
      var rounds: [Round] = []
      _ = try await flood(64, stage, service)
      let before = service.residentMegabytes ?? .infinity
      for number in 1...stage.plan.rounds {
        let round = try await self.round(stage, service)
        rounds.append(round)
        Progress.say("overload \(number): \(round.summary)")
      }
      let added = (service.residentMegabytes ?? .infinity) - before
      return figures(rounds, stage)
        + [Figure(context: "memory added by overload, MB", rounds: [added])]
    }
  }

  private struct Round: Sendable {
    var best: Double
    var tenfold: FloodOutcome
    var crowd: FloodOutcome

    /// 0 where nothing was refused.
    var refusalDelay: Double {
      Statistics.percentile(99, of: tenfold.refused + crowd.refused) ?? 0
    }

    var summary: String {
      let goodputs = [best, tenfold.goodput, crowd.goodput].map(Report.text)
      let improper = tenfold.firstImproper ?? crowd.firstImproper
      return "best \(goodputs[0]), 640: \(goodputs[1]), 4000: \(goodputs[2]) of "
        + "\(Report.text(crowd.offered)); refusals p99 \(Report.text(refusalDelay)) ms"
        + (improper.map { "; improper: \($0)" } ?? "")
    }
  }

  private func round(_ stage: Stage, _ service: Service) async throws -> Round {
    var best = 0.0
    for connections in Self.ordinary {
      best = max(best, try await flood(connections, stage, service).goodput)
    }
    return Round(
      best: best, tenfold: try await flood(Self.tenfold, stage, service),
      crowd: try await flood(Self.crowd, stage, service))
  }

  private func flood(
    _ connections: Int, _ stage: Stage, _ service: Service
  ) async throws -> FloodOutcome {
    let party = Flood.Party(
      key: stage.tenant.recorderKey, connections: connections, recordings: stage.recordings)
    let flood = Flood(port: service.ports.main, parties: [party], seconds: stage.plan.seconds)
    guard let outcome = try await flood.run().first else { throw BenchError("no outcome") }
    return outcome
  }

  private func figures(_ rounds: [Round], _ stage: Stage) -> [Figure] {
    let improper = rounds.map { Double($0.tenfold.improper + $0.crowd.improper) }
    return [
      stage.figure(.goodputTenfold, rounds.map { Statistics.ratio($0.tenfold.goodput, $0.best) }),
      stage.figure(.goodputCrowd, rounds.map { Statistics.ratio($0.crowd.goodput, $0.best) }),
      stage.figure(.improperRefusals, improper, .largest),
      stage.figure(.refusalDelay, rounds.map(\.refusalDelay)),
      Figure(context: "best goodput of the load generator, POSTs/s", rounds: rounds.map(\.best)),
      Figure(
        context: "refusals/s at 4000 connections",
        rounds: rounds.map { Double($0.crowd.refused.count) / $0.crowd.seconds }),
      Figure(
        context: "p99 of what is stored at 4000 connections, ms",
        rounds: rounds.map { Statistics.percentile(99, of: $0.crowd.good) ?? .infinity }),
      Figure(
        context: "processors that the load generator takes at 4000 connections",
        rounds: rounds.map(\.crowd.generatorLoad)),
    ]
  }
}
