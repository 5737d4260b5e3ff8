// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import API

/// One thing that can happen on a connection.
enum Happening: Sendable {
  case bytes
  case head
  case body(Int)
  case end
  case answered
  case writing
  case written
  case quiesced
  case answering
  case closing
}

/// A story of a connection, in seconds, and the deadline that must stand at its end.
struct DeadlineCase: Sendable, CustomTestStringConvertible {
  var name: String
  var story: [(at: Double, Happening)]
  var next: Double?
  var expiry: ConnectionDeadlines.Expiry?

  var testDescription: String { name }
}

@Suite struct ConnectionDeadlinesTests {
  static let cases: [DeadlineCase] = [
    DeadlineCase(name: "silence after the connect", story: [], next: 10, expiry: .close),
    DeadlineCase(
      name: "the first head's time runs from the connect", story: [(9, .bytes)], next: 10,
      expiry: .headTimeout),
    DeadlineCase(
      name: "further bytes of a head buy no time", story: [(1, .bytes), (9, .bytes)], next: 10,
      expiry: .headTimeout),
    DeadlineCase(
      name: "a body that does not begin", story: [(1, .bytes), (2, .head)], next: 12,
      expiry: .bodyTimeout),
    DeadlineCase(
      name: "a body at a byte a second is over with its grace",
      story: [(1, .bytes), (2, .head), (3, .body(1)), (4, .body(1)), (5, .body(1))], next: 12,
      expiry: .bodyTimeout),
    DeadlineCase(
      name: "each KiB buys a second", story: [(1, .bytes), (2, .head), (3, .body(5 * 1024))],
      next: 17, expiry: .bodyTimeout),
    DeadlineCase(
      name: "no body takes longer than the limit",
      story: [(1, .bytes), (2, .head), (3, .body(1 << 40))], next: 32, expiry: .bodyTimeout),
    DeadlineCase(
      name: "nothing is due while an answer is being made",
      story: [(1, .bytes), (2, .head), (2, .end)], next: nil, expiry: nil),
    DeadlineCase(
      name: "idle between requests", story: [(1, .bytes), (2, .head), (2, .end), (5, .answered)],
      next: 65, expiry: .close),
    DeadlineCase(
      name: "the second head's time runs from its first byte",
      story: [(1, .bytes), (2, .head), (2, .end), (5, .answered), (50, .bytes)], next: 60,
      expiry: .headTimeout),
    DeadlineCase(
      name: "a pipelined part of a head waits for the answer",
      story: [(1, .bytes), (2, .head), (2, .end), (3, .bytes)], next: nil, expiry: nil),
    DeadlineCase(
      name: "its time runs from the answer",
      story: [(1, .bytes), (2, .head), (2, .end), (3, .bytes), (40, .answered)], next: 50,
      expiry: .headTimeout),
    DeadlineCase(
      name: "of two pipelined requests the second keeps the connection busy",
      story: [
        (1, .bytes), (2, .head), (2, .end), (2, .bytes), (2, .head), (2, .end), (4, .answered),
      ], next: nil, expiry: nil),
    DeadlineCase(
      name: "an answer that nobody takes",
      story: [(1, .bytes), (2, .head), (2, .end), (3, .writing)], next: 33, expiry: .close),
    DeadlineCase(
      name: "every piece taken buys time",
      story: [
        (1, .bytes), (2, .head), (2, .end), (3, .writing), (3, .writing), (20, .written),
      ], next: 50, expiry: .close),
    DeadlineCase(
      name: "further writes buy no time",
      story: [(1, .bytes), (2, .head), (2, .end), (3, .writing), (20, .writing)], next: 33,
      expiry: .close),
    DeadlineCase(
      name: "an answer that was taken is no longer watched",
      story: [(1, .bytes), (2, .head), (2, .end), (3, .writing), (4, .written)], next: nil,
      expiry: nil),
    DeadlineCase(
      name: "an answer before the end of the body leaves the body's deadline",
      story: [(1, .bytes), (2, .head), (3, .answered)], next: 12, expiry: .bodyTimeout),
    DeadlineCase(
      name: "a closing connection lingers", story: [(1, .bytes), (2, .head), (4, .closing)],
      next: 6, expiry: .close),
    DeadlineCase(
      name: "nothing is read any more while the last answer is being sent",
      story: [(1, .bytes), (2, .head), (3, .writing), (3, .answering), (3, .answered), (4, .end)],
      next: 33, expiry: .close),
    DeadlineCase(
      name: "closing twice does not prolong it",
      story: [(1, .bytes), (2, .head), (4, .closing), (5, .closing)], next: 6, expiry: .close),
    DeadlineCase(
      name: "an idle connection has a second left when the service stops",
      story: [(1, .bytes), (2, .head), (2, .end), (5, .answered), (7, .quiesced)], next: 8,
      expiry: .close),
    DeadlineCase(
      name: "a stop does not prolong the idle time",
      story: [(9.5, .quiesced)], next: 10, expiry: .close),
    DeadlineCase(
      name: "a request in progress outlives the stop",
      story: [(1, .bytes), (2, .head), (2, .end), (7, .quiesced)], next: nil, expiry: nil),
  ]

  @Test(arguments: cases) func setsTheRightDeadline(_ example: DeadlineCase) {
    var deadlines = play(example.story)
    #expect(deadlines.next == example.next.map { .seconds($0) })
    guard let next = example.next else {
      #expect(deadlines.expire(at: .seconds(1_000_000)) == nil)
      return
    }
    #expect(deadlines.expire(at: .seconds(next) - .milliseconds(1)) == nil)
    #expect(deadlines.expire(at: .seconds(next)) == example.expiry)
  }

  @Test func closesWhenABodysHandlerDoesNotAnswerItsTimeout() {
    var deadlines = play([(1, .bytes), (2, .head)])
    #expect(deadlines.expire(at: .seconds(12)) == .bodyTimeout)
    #expect(deadlines.isReadingBody)
    #expect(deadlines.expire(at: .seconds(13)) == nil)
    #expect(deadlines.expire(at: .seconds(14)) == .close)
  }

  @Test func countsRequestsInFlightAndNeverBelowZero() {
    var deadlines = play([(1, .bytes), (1, .head), (1, .end), (1, .bytes), (1, .head)])
    #expect(deadlines.inFlight == 2)
    for _ in 0..<5 { deadlines.responseEnded(at: .seconds(2)) }
    #expect(deadlines.inFlight == 0)
  }

  @Test func takesBodiesOfAnyNumberOfBytesWithoutTrapping() {
    var deadlines = play([(1, .bytes), (1, .head), (1, .body(.max)), (1, .body(.max))])
    #expect(deadlines.next != nil)
    #expect(deadlines.expire(at: .seconds(31)) == .bodyTimeout)
  }

  private func play(_ story: [(at: Double, Happening)]) -> ConnectionDeadlines {
    var deadlines = ConnectionDeadlines(limits: DeadlineLimits(), now: .zero)
    for (time, happening) in story {
      let now = Duration.seconds(time)
      switch happening {
      case .bytes: deadlines.bytesArrived(at: now)
      case .head: deadlines.headArrived(at: now)
      case .body(let count): deadlines.bodyArrived(bytes: count)
      case .end: deadlines.messageEnded(at: now)
      case .answered: deadlines.responseEnded(at: now)
      case .writing: deadlines.writeBegan(at: now)
      case .written: deadlines.writeEnded(at: now)
      case .quiesced: deadlines.quiesce(at: now)
      case .answering: deadlines.readingEnded()
      case .closing: deadlines.closingBegan(at: now)
      }
    }
    return deadlines
  }
}
