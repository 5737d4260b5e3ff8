// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Bench

@Suite struct FloodMannerTests {
  private static func refusal(_ seconds: Int?) -> AnswerReader.Answer {
    AnswerReader.Answer(status: 503, retryAfter: seconds, isLast: false)
  }

  @Test func obeysUpToItsPatience() {
    let manner = Flood.Manner.obedient(atMost: .seconds(2))
    #expect(manner.pause(after: Self.refusal(1)) == .seconds(1))
    #expect(manner.pause(after: Self.refusal(3)) == .seconds(2))
  }

  @Test func waitsForNothingElse() {
    let manner = Flood.Manner.obedient(atMost: .seconds(2))
    #expect(manner.pause(after: Self.refusal(nil)) == nil)
    #expect(manner.pause(after: .init(status: 201, retryAfter: 1, isLast: false)) == nil)
    #expect(Flood.Manner.impatient.pause(after: Self.refusal(1)) == nil)
  }
}

@Suite struct FloodRequestsTests {
  private func requests(_ events: Int, _ count: Int) -> [[Substring]] {
    var requests = FloodRequests(key: "k", recordings: ["a", "b"], events: events)
    return (0..<count).map { _ in
      String(decoding: requests.next(), as: UTF8.self)
        .split(separator: "\r\n", omittingEmptySubsequences: false)
    }
  }

  @Test(arguments: [1, 100])
  func saysHowLongTheBodyIs(events: Int) throws {
    for lines in requests(events, 2) {
      let body = try #require(lines.last)
      #expect(lines.contains("Content-Length: \(body.utf8.count)"))
    }
  }

  @Test func takesTurnsWithRecordings() {
    let paths = requests(1, 3).map { $0[0].split(separator: "/")[4] }
    #expect(paths == ["b", "a", "b"])
  }

  @Test func numbersEachEventButSendsTheSameBatch() {
    let (single, batch) = (requests(1, 2), requests(100, 2))
    #expect(single[0].last != single[1].last)
    #expect(batch[0].last == batch[1].last)
  }
}
