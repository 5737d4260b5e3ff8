// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// The walls between tenants and between roles, in what is listed and what has the same name.
@Suite(.serialized, .exclusive)
struct TenancyTests {
  @Test func listsShowWhatTheCallerMaySee() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let own = try stage.recording(.own)
      let colleague = try stage.recording(.colleague)
      let flagged = try stage.recording(.flagged)
      let visible: [(Matrix.Caller, [String]?)] = [
        (.admin, [own, colleague, flagged]), (.auditor, [own, colleague, flagged]),
        (.member, [own]), (.reviewer, [flagged]), (.aliceReviewer, [own, flagged]),
        (.recorder, nil), (.boundRecorder, nil), (.otherRecorder, nil),
      ]
      for (caller, ids) in visible {
        let answer = try await stage.client(caller).send(.get, Paths.recordings + "?limit=500")
        #expect(answer.status == (ids == nil ? 403 : 200), "\(caller)")
        guard let ids else { continue }
        let found = try answer.json.elements.compactMap { try $0["recording_id"]?.text() }
        // Other tests leave recordings of the same tenant behind.
        #expect(Set(found).intersection(stage.idsOfA) == Set(ids), "\(caller)")
        if caller == .member {
          let owners = try Set(answer.json.elements.map { try $0["user_id"]?.text() })
          #expect(owners == ["alice"])
        }
      }
      let query = "?user_id=bob"
      #expect(try await stage.client(.member).send(.get, Paths.recordings + query).status == 403)
      for caller in MatrixStage.callersOfB {
        for query in ["", "?agent_id=agent-1", "?user_id=alice", "?flagged=true"] {
          let answer = try await stage.client(caller).send(.get, Paths.recordings + query)
          for id in [own, colleague, flagged] { #expect(!answer.text.contains(id), "\(caller)") }
        }
      }
    }
  }

  /// An id is the caller's own word: under it, B's admin makes an agent of B's.
  @Test func anAgentOfTheSameNameIsAnother() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let path = "/api/governance/agents/of-both"
      for (caller, status) in [(Matrix.Caller.admin, "supervised"), (.adminOfB, "paused")] {
        let put = try await stage.client(caller).send(
          .put, path, json: "{\"status\":\"\(status)\"}")
        #expect(put.status == 200)
      }
      let answer = try await stage.client(.admin).send(.get, path)
      #expect(try answer.text("status") == "supervised")
    }
  }

  @Test func aRedactionPolicyIsItsTenantsAlone() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      func admin(_ name: String) async throws -> Client {
        let keys = try await deployment.makeTenant(name).makeKeys(["admin": .init("admin")])
        return service.client(keys["admin"]?.text)
      }
      let (mine, other) = (try await admin("redaction A"), try await admin("redaction B"))
      let path = "/api/governance/redaction"
      let before = try await other.send(.get, path).text
      let rule = #"""
        {"rules":[{"name":"only_of_a","position":"prefix","literal":"onlyofa-","characters":"digit",
          "minimum_length":6,"maximum_length":6}],"switched_off":["email"]}
        """#
      let set = try await mine.send(
        .put, path, json: rule, headers: [("If-Match", "\"redaction-0\"")])
      #expect(set.status == 200)
      #expect(try await other.send(.get, path).text == before)
      let sample = #"{"sample":"onlyofa-123456 x@mail.example"}"#
      let trials = [
        try await mine.send(.post, "\(path)/try", json: sample),
        try await other.send(.post, "\(path)/try", json: sample),
      ]
      #expect(try trials.map { try $0.json["redactions"]?.names } == [["only_of_a"], ["email"]])
    }
  }

  @Test func whatAForeignCursorShowsIsNothing() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let page = try await stage.client(.admin).send(.get, Paths.recordings + "?limit=1")
      let next = try #require(page.next)
      #expect(try await stage.client(.admin).send(.get, next).status == 200)
      let foreign = try await stage.client(.adminOfB).send(.get, next)
      #expect(foreign.status == 422)
      #expect(foreign.code == "bad_cursor")
    }
  }
}
