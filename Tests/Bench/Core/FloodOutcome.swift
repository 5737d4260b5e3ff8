// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What became of the requests of one party under a load of our own generator.
struct FloodOutcome: Sendable {
  /// How long was counted.
  var seconds: Double
  /// Latencies in milliseconds of what was answered 2xx.
  var good: [Double] = []
  /// Latencies in milliseconds of what was refused as it should be: 503 with `Retry-After`.
  var refused: [Double] = []
  /// Everything else: other statuses, connections that broke.
  var improper = 0
  /// Processor time of the load generator, all parties together, in processors: near 1 it measures
  /// itself.
  var generatorLoad = 0.0
  /// What the first of these was.
  var firstImproper: String?

  /// Answers 2xx per second.
  var goodput: Double { Statistics.ratio(Double(good.count), seconds) }

  /// Refusals per second.
  var refusals: Double { Statistics.ratio(Double(refused.count), seconds) }

  /// All answers per second.
  var offered: Double {
    Statistics.ratio(Double(good.count + refused.count + improper), seconds)
  }

  /// Files what a connection told.
  mutating func count(_ event: FloodConnection.Event) {
    switch event {
    case .answered(let answer, let milliseconds): count(answer, after: milliseconds)
    case .broken(let reason): countImproper(reason)
    }
  }

  /// Files an answer.
  mutating func count(_ answer: AnswerReader.Answer, after milliseconds: Double) {
    switch answer.status {
    case 200..<300: good.append(milliseconds)
    case 503 where answer.retryAfter != nil: refused.append(milliseconds)
    default: countImproper("status \(answer.status)")
    }
  }

  /// Files what must not happen.
  mutating func countImproper(_ what: String) {
    improper += 1
    firstImproper = firstImproper ?? what
  }
}
