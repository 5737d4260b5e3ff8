// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Governance

@Suite struct KeptAnswerTests {
  @Test(arguments: [
    KeptAnswer(status: 201, location: "/a/b", body: Array("{}".utf8)),
    KeptAnswer(status: 200, location: nil, body: []),
    KeptAnswer(status: 599, location: "é", body: [0, 255]),
  ])
  func isReadAsItWasWritten(_ answer: KeptAnswer) {
    #expect(KeptAnswer(encoded: answer.encoded) == answer)
  }

  @Test func whatIsNoneIsRefused() {
    for bytes in [[], [0], [0, 200, 0], [0, 200, 0, 9, 1]] as [[UInt8]] {
      #expect(KeptAnswer(encoded: bytes) == nil)
    }
  }

  @Test func eventsOfANamedRequestHaveIDsOfTheirOwn() throws {
    let key = KeyID.make()
    func id(_ name: String, _ key: KeyID, _ index: Int) throws -> EventID {
      try EventID(request: name, of: key, index: index)
    }
    #expect(try id("a", key, 0) == id("a", key, 0))
    let all = try [id("a", key, 0), id("a", key, 1), id("b", key, 0), id("a", .make(), 0)]
    #expect(Set(all).count == all.count)
    for id in all {
      #expect(id.description.dropFirst(14).first == "8")
      #expect("89ab".contains(id.description.dropFirst(19).first ?? " "))
    }
  }
}
