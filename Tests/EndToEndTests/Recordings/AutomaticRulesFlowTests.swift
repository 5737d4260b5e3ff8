// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// What a tenant's rules make of `/auto`, on the real service.
@Suite(.serialized, .exclusive)
struct AutomaticRulesFlowTests {
  private func withAdmin(
    _ name: String, _ body: (Client, Tenant) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant(name)
    let key = try await tenant.makeKey(.init("admin", user: "alice"))
    try await deployment.withService { service in
      try await body(service.client(key.text), tenant)
    }
  }

  private func put(_ client: Client, _ rules: String, over version: Int) async throws -> Answer {
    try await client.send(
      .put, Client.policy, json: #"{"automatic_recording":\#(rules)}"#,
      headers: [("If-Match", "\"policy-\(version)\"")])
  }

  /// Asks for one action in a session of its own; what was decided.
  private func auto(
    _ client: Client, _ agent: String, _ action: String, tags: String = "[]"
  ) async throws -> String {
    let body = #"{"agent_id":"\#(agent)","action":"\#(action)","tags":\#(tags)}"#
    let answer = try await client.send(.post, Paths.recordings + "/auto", json: body)
    let isRecorded = try answer.json["recording_id"]?.isNull == false
    let (created, decision) = (try answer.json["created"]?.bool(), try answer.text("decision"))
    #expect(answer.status == 200 && created == isRecorded, "\(answer.text)")
    return decision
  }

  @Test func theFirstRuleThatFitsDecides() async throws {
    try await withAdmin("rules") { client, tenant in
      try await tenant.makeAgent("pupil", status: "student")
      try await tenant.makeAgent("robot", status: "autonomous")
      let rules = """
        [{"actions":["ping","read_*"],"record":false},
        {"maturity":["student","intern"],"tags":["money"],"record":true}]
        """
      let set = try await put(client, rules, over: 0)
      #expect(set.status == 200, "\(set.text)")
      let shown = try set.json["automatic_recording"]?.raw
      #expect(shown == rules.replacing("\n", with: ""))
      #expect(try await client.send(.get, Client.policy).body == set.body)

      let unrecorded = "By rule 1 of policy version 1 this is not recorded."
      let recorded = "By rule 2 of policy version 1: a recording was started."
      #expect(try await auto(client, "robot", "ping") == unrecorded)
      #expect(try await auto(client, "robot", "read_mail", tags: #"["money"]"#) == unrecorded)
      #expect(try await auto(client, "pupil", "pay", tags: #"["x","money"]"#) == recorded)
      let none = "No rule of policy version 1 fits. "
      let autonomous = none + "The agent is autonomous: a recording was started."
      #expect(try await auto(client, "robot", "read") == autonomous)
      #expect(try await auto(client, "pupil", "pay").hasPrefix(none))
      let list = try await client.send(.get, Paths.recordings + "?agent_id=pupil").json
      let tags = list.elements.map { $0["tags"]?.raw }
      #expect(tags == [#"["autonomous","governance","pay","x","money"]"#])

      #expect(try await put(client, #"[{"record":false}]"#, over: 1).status == 200)
      let all = "By rule 1 of policy version 2 this is not recorded."
      #expect(try await auto(client, "robot", "act") == all)
      #expect(try await put(client, "[]", over: 2).status == 200)
      #expect(try await auto(client, "robot", "act").hasPrefix("The agent is autonomous"))
      let trail = try await client.send(.get, "/api/governance/audit?action=set_policy&limit=1")
      let last = try trail.json.elements.first { _ in true }?["audit_metadata"]
      #expect(try last?["automatic_recording_before"]?.text() == #"[{"record":false}]"#)
      #expect(try last?["automatic_recording_after"]?.text() == "none")
    }
  }

  /// A hundred rules and fifty entries, and one more of each.
  @Test func rulesAreBounded() async throws {
    try await withAdmin("rules bounded") { client, _ in
      func rules(_ count: Int) -> String {
        "[\(Array(repeating: #"{"record":true}"#, count: count).joined(separator: ","))]"
      }
      func entries(_ count: Int) -> String {
        let texts = (0..<count).map { "\"a\($0)\"" }.joined(separator: ",")
        return #"[{"actions":[\#(texts)],"tags":[\#(texts)],"record":true}]"#
      }
      #expect(try await put(client, rules(100), over: 0).status == 200)
      #expect(try await put(client, entries(50), over: 1).status == 200)
      let tooMany = [
        (rules(101), ["/automatic_recording"]),
        (entries(51), ["/automatic_recording/0/actions", "/automatic_recording/0/tags"]),
      ]
      for (text, places) in tooMany {
        let answer = try await put(client, text, over: 2)
        #expect(answer.status == 422 && answer.code == "too_many")
        #expect(try answer.json["errors"]?.elements.map { try $0["pointer"]?.text() } == places)
      }
    }
  }

  @Test(arguments: [
    ("[{}]", "/0/record"), (#"[{"record":1}]"#, "/0/record"),
    (#"[{"record":true},{"record":true,"when":[]}]"#, "/1/when"),
    (#"[{"record":true,"actions":[]}]"#, "/0/actions"),
    (#"[{"record":true,"actions":["a*b"]}]"#, "/0/actions/0"),
    (#"[{"record":true,"maturity":["student","old"]}]"#, "/0/maturity/1"),
    (#"[{"record":true,"tags":["a",1]}]"#, "/0/tags/1"),
    (#"[{"record":true,"tags":["ghp_abcdefghijklmnopqrstuvwxyz0123456789"]}]"#, "/0/tags/0"),
    (#"{"record":true}"#, ""), (#"[true]"#, "/0"),
  ])
  func rulesThatAreNoneAreRefused(_ rules: String, _ pointer: String) async throws {
    try await withAdmin("rules refused") { client, _ in
      let answer = try await put(client, rules, over: 0)
      #expect(answer.status == 422)
      let places = try answer.json["errors"]?.elements.map { try $0["pointer"]?.text() }
      #expect(places?.first == "/automatic_recording\(pointer)", "\(answer.text)")
    }
  }

  @Test func tagsAreBoundedLikeThoseOfAStart() async throws {
    try await withAdmin("rules and tags") { client, _ in
      let tags = (0..<33).map { "\"t\($0)\"" }.joined(separator: ",")
      let refused = [("[\(tags)]", "too_many"), (#"[""]"#, "empty_value"), ("1", "wrong_type")]
      for (tags, code) in refused {
        let body = #"{"agent_id":"a","action":"b","tags":\#(tags)}"#
        let answer = try await client.send(.post, Paths.recordings + "/auto", json: body)
        #expect(answer.status == 422 && answer.code == code)
      }
    }
  }
}
