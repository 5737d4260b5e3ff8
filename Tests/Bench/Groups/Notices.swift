// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How late notices are told to a crowd of listeners, some of whom never read, and what the crowd costs.
///
/// Each notice is caused over HTTP: a recording is started. All of it shares the processors: the service,
/// PostgreSQL, those who ask, and those who listen.
struct Notices: Sendable {
  /// One in so many never reads.
  private static let sleepersAmong = 100
  /// Seconds at the start whose notices are not counted.
  private static let warmUp = 2
  /// How long is waited after the last notice was due.
  private static let patience = Duration.seconds(10)

  /// What one round gave.
  private struct Round: Sendable {
    var outcome: Audience.Outcome
    var listenerKibibytes: Double
    var addedMegabytes: Double
    var stay: Double
  }

  func measure(on stage: Stage) async throws -> [Figure] {
    var rounds: [Round] = []
    for number in 1...stage.plan.rateRounds {
      let round = try await Service.with(on: stage.ground) { service in
        try await self.round(stage, service)
      }
      rounds.append(round)
      let outcome = round.outcome
      Progress.say(
        "notices \(number): p50 \(outcome.delays.percentile(50)) ms, p99"
          + " \(outcome.delays.percentile(99)) ms, \(outcome.closed) closed, \(outcome.missing)"
          + " missing; the listeners take \(Report.text(outcome.load)) processors")
    }
    return [
      stage.figure(.noticeDelay, rounds.map { $0.outcome.delays.percentile(99) }),
      stage.figure(
        .noticesLost, rounds.map { Double($0.outcome.closed + $0.outcome.missing) }, .largest),
      stage.figure(.listenerMemory, rounds.map(\.listenerKibibytes), .largest),
      stage.figure(.sleeperMemory, rounds.map(\.addedMegabytes), .largest),
      stage.figure(.sleeperStay, rounds.map(\.stay), .largest),
      Figure(
        context: "p50 of the notices, ms", rounds: rounds.map { $0.outcome.delays.percentile(50) }),
      Figure(context: "processors that the listeners take", rounds: rounds.map(\.outcome.load)),
    ]
  }

  private func round(_ stage: Stage, _ service: Service) async throws -> Round {
    let plan = stage.plan
    let sleeping = plan.listeners / Self.sleepersAmong
    // The connections that the service keeps are there, and its memory is that of one at work.
    _ = try await Stage.start(100, of: stage.tenant, on: service)
    let (alone, descriptors) = (service.residentMegabytes, service.openDescriptors)
    let (port, key) = (service.ports.main, stage.tenant.adminKey)
    let audience = try await blocking {
      Result {
        try Audience(
          port: port, key: key, listening: plan.listeners - sleeping, sleeping: sleeping)
      }
    }.get()
    let before = service.residentMegabytes
    let added = Statistics.ratio(
      ((before ?? .infinity) - (alone ?? 0)) * 1e6 / 1024, Double(plan.listeners))
    let timetable = Audience.Timetable(
      start: .now + .milliseconds(100), interval: .seconds(1) / plan.noticeRate,
      counted: Self.warmUp * plan.noticeRate..<plan.noticeSeconds * plan.noticeRate)
    async let heard = blocking {
      Result { try audience.listen(timetable, patience: Self.patience) }
    }
    // Connections of those who start recordings come and go beside them: half of them tell enough.
    async let stay = Self.stay(
      until: (descriptors ?? 0) + plan.listeners - sleeping / 2, timetable, service)
    try await Self.cause(timetable, stage.tenant, port: port)
    let outcome = try await heard.get()
    return Round(
      outcome: outcome, listenerKibibytes: added,
      addedMegabytes: (service.peakMegabytes ?? .infinity) - (before ?? 0), stay: await stay)
  }

  /// Starts recordings, each when its notice is due, however long the ones before take.
  private static func cause(
    _ timetable: Audience.Timetable, _ tenant: Tenant, port: Int
  ) async throws {
    let client = Client(port: port, key: tenant.recorderKey)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<timetable.counted.upperBound {
        try await ContinuousClock().sleep(until: timetable.instant(of: number))
        group.addTask {
          try await client.post(
            "/api/canvas/recording/start",
            #"{"agent_id":"\#(Tenant.agent)","user_id":"\#(Tenant.user)","#
              + #""canvas_id":"\#(NoticeFrames.canvas(number))","reason":"bench"}"#,
            insists: true)
        }
      }
      try await group.waitForAll()
    }
  }

  /// Seconds from the first notice until the service has no more than `count` descriptors.
  private static func stay(
    until count: Int, _ timetable: Audience.Timetable, _ service: Service
  ) async -> Double {
    let end = timetable.instant(of: timetable.counted.upperBound) + patience
    while ContinuousClock.now < end {
      let now = ContinuousClock.now
      if now > timetable.start, let open = service.openDescriptors, open <= count {
        return (now - timetable.start) / .seconds(1)
      }
      do {
        try await Task.sleep(for: .milliseconds(100))
      } catch {
        break  // Cancelled.
      }
    }
    return .infinity
  }
}
