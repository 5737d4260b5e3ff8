// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

/// The judge of outages is judged first: an answer that lies or comes late, planted in an outage as
/// it should be, is noticed, and nothing else is.
struct OutageTermsTests {
  @Test(arguments: Outage.Kind.allCases)
  func areKeptWhereNothingIsWrong(kind: Outage.Kind) {
    #expect(Self.outage(kind).breaches == [])
  }

  @Test(arguments: plants)
  private func areBroken(by plant: Plant) {
    var outage = Self.outage(plant.kind)
    plant.change(&outage)
    #expect(outage.breaches == [plant.breach])
  }

  /// One thing that is wrong, and what must be said of it.
  private struct Plant: Sendable, CustomTestStringConvertible {
    let kind: Outage.Kind
    let breach: String
    let change: @Sendable (inout Outage) -> Void

    init(
      in kind: Outage.Kind, _ breach: String, _ change: @escaping @Sendable (inout Outage) -> Void
    ) {
      self.kind = kind
      self.breach = breach
      self.change = change
    }

    var testDescription: String { "\(kind): \(breach)" }
  }

  private static let plants = [
    Plant(in: .stopped, "answers that are no refusals: [500]") { $0.load[40].status = 500 },
    Plant(in: .stopped, "answers that are no refusals: [201]") { $0.load[40].status = 201 },
    Plant(in: .locked, "answers that are no refusals: [429]") { $0.load[40].status = 429 },
    Plant(in: .stopped, #"refusals that say ["storage_unavailable"]"#) {
      $0.say("storage_unavailable")
    },
    Plant(in: .stopped, #"refusals that say ["overloaded"]"#) { $0.say("overloaded") },
    Plant(in: .frozen, #"refusals that say ["internal_error"]"#) { $0.say("internal_error") },
    Plant(in: .stopped, "1 refusals without Retry-After") { $0.load[40].hasRetryAfter = false },
    Plant(in: .silent, "1 refusals without Retry-After") { $0.load[40].hasRetryAfter = false },
    Plant(in: .stopped, "a refusal took 2.1 seconds") { $0.load[40].took = .milliseconds(2100) },
    Plant(in: .locked, "a refusal took 8.1 seconds") { $0.load[40].took = .milliseconds(8100) },
    Plant(in: .stopped, "one refusal in a hundred took 0.6 seconds") {
      $0.delayRefusals(.milliseconds(600))
    },
    Plant(in: .stopped, "only 50 requests met the outage") { $0.load.removeFirst(450) },
    Plant(in: .frozen, "only 0 requests met the outage") { $0.load.removeFirst(500) },
    Plant(in: .stopped, "only 50 questions to /livez") { $0.liveness.removeLast(950) },
    Plant(in: .stopped, "1 times /livez did not say 200") { $0.liveness[40].status = 503 },
    Plant(in: .frozen, "/livez took 0.06 seconds") { $0.delayLiveness(.milliseconds(60)) },
    Plant(in: .stopped, "not ready after 1.1 seconds") { $0.readiness.removeFirst(10) },
    Plant(in: .silent, "not ready after 6.1 seconds") { $0.readiness.removeFirst(60) },
    Plant(in: .stopped, "not ready after 3600.0 seconds") { $0.readiness.removeFirst(100) },
    Plant(in: .stopped, "first success after 2.1 seconds") { $0.load.removeSubrange(500..<520) },
    Plant(in: .locked, "first success after 3600.0 seconds") { $0.load.removeLast(100) },
    Plant(in: .stopped, "ready after 2.1 seconds") { $0.readiness.removeSubrange(100..<120) },
  ]

  /// Ten seconds in which everything was refused after 10 ms and `/readyz` said why after 100 ms;
  /// 100 ms behind its end all is well again.
  private static func outage(_ kind: Outage.Kind) -> Outage {
    let gone = ContinuousClock.now
    let back = gone + .seconds(10)
    func samples(
      _ count: Int, every pause: Duration, from start: Outage.Instant, status: Int,
      took: Duration = .milliseconds(10)
    ) -> [Outage.Sample] {
      (1...count).map { number in
        Outage.Sample(
          sent: start + pause * number - took, took: took, status: status,
          code: status == 503 ? "database_unavailable" : "", hasRetryAfter: status == 503)
      }
    }
    let tenth = Duration.milliseconds(100)
    return Outage(
      kind: kind, key: "", recordings: [], journal: Journal(), residentBytesBefore: 0, gone: gone,
      returning: back + .milliseconds(1), back: back,
      load: samples(500, every: .milliseconds(20), from: gone, status: 503)
        + samples(100, every: tenth, from: back, status: 201),
      liveness: samples(
        1000, every: .milliseconds(20), from: gone, status: 200, took: .milliseconds(1)),
      readiness: samples(100, every: tenth, from: gone, status: 503)
        + samples(100, every: tenth, from: back, status: 200))
  }
}

extension Outage {
  fileprivate mutating func say(_ code: String) { load[40].code = code }

  /// Two refusals in a hundred.
  fileprivate mutating func delayRefusals(_ time: Duration) {
    for index in stride(from: 40, to: 440, by: 40) { load[index].took = time }
  }

  /// One answer in ten.
  fileprivate mutating func delayLiveness(_ time: Duration) {
    for index in stride(from: 0, to: 1000, by: 10) { liveness[index].took = time }
  }
}
