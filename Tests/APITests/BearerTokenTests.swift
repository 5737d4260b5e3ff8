// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Testing

@testable import API

@Suite struct BearerTokenTests {
  @Test(arguments: ["Bearer abc", "bearer abc", "BEARER abc"])
  func readsTheTokenBehindTheScheme(_ value: String) throws {
    #expect(try BearerToken.token(in: [.authorization: value]) == "abc")
  }

  @Test(arguments: [
    "", "Bearer", "Bearer ", "Basic abc", "Bearerabc", "Bearer  abc", "Bearer a b", "Bearer é",
  ])
  func refusesEverythingElseWithTheSameProblem(_ value: String) {
    let problem = #expect(throws: Problem.self) {
      try BearerToken.token(in: [.authorization: value])
    }
    #expect(problem?.code == .unauthenticated)
    #expect(problem?.detail == BearerToken.refused.detail)
  }

  @Test func refusesNoneTwoAndOverlongOnes() throws {
    var two = HTTPFields()
    two.append(HTTPField(name: .authorization, value: "Bearer a"))
    two.append(HTTPField(name: .authorization, value: "Bearer a"))
    let long = String(repeating: "a", count: 8193)
    #expect(try BearerToken.token(in: [.authorization: "Bearer \(long.dropLast())"]).count == 8192)
    for fields in [[:], two, [.authorization: "Bearer \(long)"]] {
      #expect(throws: Problem.self) { try BearerToken.token(in: fields) }
    }
  }
}

@Suite struct AdmissionTests {
  @Test func turnsAwayWhoeverIsTooMany() {
    let admission = Admission(requests: 2, bytes: 0)
    #expect(admission.enter())
    #expect(admission.enter())
    #expect(!admission.enter())
    admission.leave(returning: 0)
    #expect(admission.enter())
    #expect(!admission.enter())
  }

  @Test func keepsHalfOfThePlacesForOtherTenants() {
    let admission = Admission(requests: 4, bytes: 0)
    let (noisy, quiet) = (TenantID.make(), TenantID.make())
    #expect(admission.enter(for: noisy))
    #expect(admission.enter(for: noisy))
    #expect(!admission.enter(for: noisy))
    #expect(admission.enter(for: quiet))
    admission.leave(returning: 0, of: noisy)
    #expect(admission.enter(for: noisy))
    #expect(!admission.enter(for: noisy))
  }

  @Test func holdsNoMoreBytesThanItsLimit() {
    let admission = Admission(requests: 2, bytes: 100)
    #expect(admission.take(60))
    #expect(!admission.take(41))
    #expect(admission.take(40))
    #expect(!admission.take(.max))
    admission.leave(returning: 60)
    #expect(admission.take(60))
    #expect(!admission.take(1))
  }

  @Test func admitsNoMoreThanTheLimitConcurrently() async {
    let admission = Admission(requests: 10, bytes: 0)
    let admitted = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<1000 { group.addTask { admission.enter() } }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(admitted == 10)
  }
}

@Suite struct HTTPDateTests {
  @Test(arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
  ])
  func writesMomentsAsRFC9110Has(_ second: Int, _ text: String) {
    #expect(HTTPDate.text(of: second) == text)
  }
}
