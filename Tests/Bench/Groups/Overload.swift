// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What is left of the throughput when far more is asked than can be done, and how the rest is
/// refused.
///
/// In each round follow on each other: ordinary loads, ten times the connections that
/// saturate the service, and clients that are more than it has places for, so that many are refused
/// and wait as they are told. Where the plan has a crowd, it comes last: connections that ask again at
/// once, which by Little's law wait as long as it takes to answer all of them once.
struct Overload: Sendable {
  private static let tenfold = 640
  /// `Retry-After` may say more, but then nobody would be there any more in a short measurement.
  private static let patience: Duration = .seconds(2)
  /// Not counted of the loads beyond that: all of them arrive at the same moment.
  private static let arrival: Duration = .seconds(1)

  func measure(on stage: Stage) async throws -> [Figure] {
    try await Service.with(on: stage.ground) { service in
      var rounds: [Round] = []
      _ = try await flood(64, stage, service)
      let before = service.residentMegabytes ?? .infinity
      for number in 1...stage.plan.rateRounds {
        let round = try await self.round(stage, service)
        rounds.append(round)
        Progress.say("overload \(number): \(round.summary)")
      }
      let added = (service.peakMegabytes ?? .infinity) - before
      return Self.judged(rounds, added: added, stage) + Self.context(rounds, stage.plan)
    }
  }

  private func round(_ stage: Stage, _ service: Service) async throws -> Round {
    var ordinary = 0.0
    for connections in stage.plan.ordinaryLoads {
      ordinary = max(ordinary, try await flood(connections, stage, service).goodput)
    }
    let tenfold = try await flood(Self.tenfold, stage, service)
    let refused = try await flood(
      stage.plan.clients, stage, service, .obedient(atMost: Self.patience))
    var crowd: FloodOutcome?
    if let connections = stage.plan.crowd {
      crowd = try await flood(connections, stage, service)
    }
    return Round(ordinary: ordinary, tenfold: tenfold, refused: refused, crowd: crowd)
  }

  private func flood(
    _ connections: Int, _ stage: Stage, _ service: Service, _ manner: Flood.Manner = .impatient
  ) async throws -> FloodOutcome {
    let party = Flood.Party(
      key: stage.tenant.recorderKey, connections: connections, recordings: stage.recordings,
      manner: manner)
    let flood = Flood(
      port: service.ports.main, parties: [party], seconds: stage.plan.seconds,
      ramp: connections > Self.tenfold ? Self.arrival : .milliseconds(500))
    guard let outcome = try await flood.run().first else { throw BenchError("no outcome") }
    return outcome
  }
}

// MARK: - Figures

extension Overload {
  /// The loads of one round.
  private struct Round: Sendable {
    /// The better goodput of the ordinary loads.
    var ordinary: Double
    var tenfold: FloodOutcome
    var refused: FloodOutcome
    var crowd: FloodOutcome?

    /// Of all loads that are no excess.
    var best: Double { max(ordinary, tenfold.goodput) }

    var improper: Int { tenfold.improper + refused.improper + (crowd?.improper ?? 0) }

    /// Where nobody was refused, the excess waited with everybody else: then that is its delay.
    var refusalDelay: Double {
      p99(refused.refused.isEmpty ? refused.good : refused.refused)
    }

    func ofBest(_ outcome: FloodOutcome) -> Double { Statistics.ratio(outcome.goodput, best) }

    var summary: String {
      let first = tenfold.firstImproper ?? refused.firstImproper ?? crowd?.firstImproper
      let loads = [("ordinary", ordinary), ("640", tenfold.goodput), ("excess", refused.goodput)]
        .map { "\($0): \(Report.text($1))" }.joined(separator: ", ")
      return "\(loads) and \(Report.text(refused.refusals)) refusals"
        + (crowd.map { ", crowd: \(Report.text($0.goodput))" } ?? "")
        + (first.map { "; improper: \($0)" } ?? "")
    }
  }

  private static func judged(_ rounds: [Round], added: Double, _ stage: Stage) -> [Figure] {
    [
      stage.figure(.goodputTenfold, rounds.map { $0.ofBest($0.tenfold) }),
      stage.figure(.goodputRefused, rounds.map { $0.ofBest($0.refused) }),
      stage.figure(.improperRefusals, rounds.map { Double($0.improper) }, .largest),
      stage.figure(.refusalDelay, rounds.map(\.refusalDelay)),
      stage.figure(.overloadMemory, [added], .largest),
    ]
  }

  private static func context(_ rounds: [Round], _ plan: Plan) -> [Figure] {
    func tell(_ name: String, _ value: (Round) -> Double) -> Figure {
      Figure(context: name, rounds: rounds.map(value))
    }
    let figures = [
      tell("best goodput of the load generator, POSTs/s", \.best),
      tell("refusals/s of \(plan.clients) clients that obey", \.refused.refusals),
      tell("p99 of what is stored of \(plan.clients) clients that obey, ms") {
        p99($0.refused.good)
      },
      tell("processors that the load generator takes for them", \.refused.generatorLoad),
    ]
    guard let crowd = plan.crowd else { return figures }
    let outcomes = rounds.compactMap { round in round.crowd.map { (round, $0) } }
    func crowded(_ name: String, _ value: (Round, FloodOutcome) -> Double) -> Figure {
      Figure(context: "\(name) at \(crowd) connections that do not", rounds: outcomes.map(value))
    }
    return figures + [
      crowded("goodput ÷ best") { $0.ofBest($1) },
      crowded("refusals/s") { $1.refusals },
      crowded("p99 of the refusals, ms,") { p99($1.refused) },
    ]
  }
}

/// Where there was nothing, nothing was measured.
private func p99(_ latencies: [Double]) -> Double {
  Statistics.percentile(99, of: latencies) ?? .infinity
}
