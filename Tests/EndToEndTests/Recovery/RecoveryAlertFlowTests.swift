// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Alerts, from a tenant's policy to those who are told.
@Suite(.serialized, .exclusive)
struct RecoveryAlertFlowTests {
  private static let alerts = "/api/recovery/alerts"
  private static let policy = "/api/governance/policy"

  private static func attempt(_ user: String, strategy: String = "fix") -> String {
    """
    {"error_type":"Broken","strategy":"\(strategy)","success":false,"duration_seconds":1,
     "user_id":"\(user)","agent_id":"agent-1","error_message":"canary"}
    """
  }

  private func settle(_ stage: LiveStage, _ alerts: String, over version: Int = 0) async throws {
    let answer = try await stage.client("admin").send(
      .put, Self.policy, json: #"{"recovery_alerts":\#(alerts)}"#,
      headers: [("If-Match", "\"policy-\(version)\"")])
    guard answer.status == 200 else { throw TestSupportError(answer.text) }
  }

  private func log(
    _ stage: LiveStage, _ session: String, _ user: String, strategy: String = "fix"
  ) async throws {
    let answer = try await stage.client("recorder").send(
      .post, "\(RecoveryFlowTests.sessions)/\(session)/attempts",
      json: Self.attempt(user, strategy: strategy))
    guard answer.status == 201 else { throw TestSupportError(answer.text) }
  }

  /// Two failures on two instances make an alert for those who oversee recoveries; an escalation is for the
  /// user of its session too.
  @Test func alertsAreToldOnEveryInstanceToWhoMayKnow() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      try await deployment.withService { twin in
        let stage = try await LiveStage.make(service, in: deployment)
        let far = stage.on(twin)
        try await settle(
          stage, #"{"failures":{"count":2,"window_seconds":600},"escalation":true}"#)
        var listeners: [String: LiveClient] = [:]
        for (name, place) in [
          ("member", stage), ("other", far), ("reviewer", stage), ("auditor", far),
          ("admin", stage),
        ] { listeners[name] = try await place.listen(name).client }
        try await log(stage, "s-1", "alice")
        try await log(far, "s-2", "bob")
        try await log(stage, "s-1", "alice", strategy: "escalate")
        try await log(far, "s-3", "rita")
        // In an alert that lasts: what is not for somebody would come before these.
        for (session, user) in [("a-1", "alice"), ("b-1", "bob"), ("r-1", "rita")] {
          try await log(stage, session, user)
        }
        let all = ["s-1", "s-2", "failures", "s-1", "escalation", "s-3", "a-1", "b-1", "r-1"]
        for (name, expected) in [
          ("member", ["s-1", "s-1", "escalation", "a-1"]), ("other", ["s-2", "b-1"]),
          ("reviewer", ["s-3", "r-1"]), ("auditor", all), ("admin", all),
        ] {
          let listener = try #require(listeners[name])
          var heard: [String] = []
          for _ in expected {
            let told = try await listener.next()
            let isAlert = told.type == "recovery:alert"
            heard.append(
              try told.data[isAlert ? "alert_type" : "session_id"]?.text() ?? "")
            #expect(!told.data.raw.contains("canary"))
          }
          #expect(heard == expected, "\(name)")
          await listener.drop()
        }
        try await theListHasWhatWasTold(stage)
      }
    }
  }

  private func theListHasWhatWasTold(_ stage: LiveStage) async throws {
    let answer = try await stage.client("auditor").send(.get, Self.alerts)
    #expect(answer.status == 200)
    let alerts = Array(try answer.json.elements)
    #expect(try alerts.map { try $0["alert_type"]?.text() } == ["escalation", "failures"])
    let failures = try #require(alerts.last)
    #expect(
      failures.members.map(\.key) == [
        "alert_id", "alert_type", "subject", "alert_number", "raised_at", "policy_version",
        "threshold", "window_seconds", "attempts", "failures", "success_rate", "session_id",
        "entry_id", "error_type", "agent_id", "user_id", "recording_id",
      ])
    #expect(try failures["subject"]?.text() == "Broken")
    #expect(try failures["session_id"]?.text() == "s-2")
    #expect(failures["failures"]?.raw == "2" && failures["threshold"]?.raw == "2")
    #expect(failures["attempts"]?.isNull == true && failures["success_rate"]?.isNull == true)
    let page = try await stage.client("admin").send(.get, "\(Self.alerts)?limit=1")
    #expect(try page.json.elements.map { try $0["subject"]?.text() } == ["s-1"])
    #expect(page.headers["link"].count == 1)
    let one = try await stage.client("admin").send(.get, "\(Self.alerts)?alert_type=failures")
    #expect(try one.json.elements.map(\.raw) == [failures.raw])
    for name in ["recorder", "member", "reviewer"] {
      #expect(try await stage.client(name).send(.get, Self.alerts).status == 403)
    }
    for query in ["alert_type=moon", "raised_after=2026-01-02T00:00:00", "limit=0", "typo=1"] {
      #expect(try await stage.client("admin").send(.get, "\(Self.alerts)?\(query)").status == 422)
    }
    // A cursor of another list is none of this one.
    let foreign = try await stage.client("admin").send(
      .get, "\(RecoveryFlowTests.sessions)?limit=1")
    let cursor = try #require(foreign.headers["link"].first?.firstMatch(of: /cursor=([^&>]+)/)).1
    #expect(
      try await stage.client("admin").send(.get, "\(Self.alerts)?cursor=\(cursor)").status == 422)
  }

  @Test func aWebhookIsToldOfAlerts() async throws {
    let deployment = try await Deployment.shared()
    try await Receiver.with { receiver in
      try await deployment.withService(WebhookStage.environment) { service in
        let stage = try await WebhookStage.make(
          service, in: deployment, receiver, types: #"["recovery:alert"]"#)
        let terms = """
          {"success_rate":{"below_percent":50,"window_seconds":600,"minimum_attempts":3}}
          """
        try await settle(stage.live, terms)
        for _ in 0..<4 { try await log(stage.live, "s-1", "alice") }
        try await stage.arrived(1)
        // Escalations are off now; the next thing that is told comes next.
        try await log(stage.live, "s-1", "alice", strategy: "escalate")
        try await settle(stage.live, #"{"escalation":true}"#, over: 1)
        try await log(stage.live, "s-2", "bob", strategy: "escalate")
        try await stage.arrived(2)
        let messages = receiver.messages
        #expect(messages.count == 2)
        for message in messages {
          #expect(try message.isSigned(with: stage.secret))
          #expect(try message.json["type"]?.text() == "recovery:alert")
          #expect(!message.body.contains("canary"))
        }
        let told = try #require(messages.first?.json["data"])
        #expect(told["success_rate"]?.raw == "0.0" && told["attempts"]?.raw == "3")
        #expect(try told["subject"]?.text() == "agent-1")
        #expect(try messages[1].json["data"]?["subject"]?.text() == "s-2")
      }
    }
  }

  /// What was settled is shown whole, and can be set as it is shown.
  @Test func thePolicyHasThem() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let admin = stage.client("admin")
      func shown() async throws -> String {
        try await admin.send(.get, Self.policy).json["recovery_alerts"]?.raw ?? ""
      }
      let standard = """
        {"failures":{"count":5,"window_seconds":600},"success_rate":null,"escalation":true,\
        "repeat_after_seconds":3600}
        """
      let all = """
        {"failures":{"count":1000,"window_seconds":604800},"success_rate":{"below_percent":100,\
        "window_seconds":1,"minimum_attempts":1000},"escalation":false,"repeat_after_seconds":1}
        """
      #expect(try await shown() == standard)
      var version = 0
      for (given, expected) in [
        ("null", standard), (all, all), (standard, standard),
        (
          #"{"success_rate":{"below_percent":9,"window_seconds":60}}"#,
          """
          {"failures":null,"success_rate":{"below_percent":9,"window_seconds":60,\
          "minimum_attempts":10},"escalation":false,"repeat_after_seconds":3600}
          """
        ),
      ] {
        try await settle(stage, given, over: version)
        version += 1
        #expect(try await shown() == expected)
      }
      let trail = try await admin.send(.get, "/api/governance/audit?action=set_policy&limit=1")
      let words = try trail.json.elements.map {
        try $0["audit_metadata"]?["recovery_alerts_after"]?.text()
      }
      #expect(words == ["under 9 percent of 10 in 60 s; again after 3600 s"])
    }
  }

  @Test(arguments: [
    ("[]", ""), (#"{"typo":1}"#, "/typo"), (#"{"failures":3}"#, "/failures"),
    (#"{"failures":{"count":0,"window_seconds":60}}"#, "/failures/count"),
    (#"{"failures":{"count":1001,"window_seconds":60}}"#, "/failures/count"),
    (#"{"failures":{"count":1.5,"window_seconds":60}}"#, "/failures/count"),
    (#"{"failures":{"count":5}}"#, "/failures/window_seconds"),
    (#"{"failures":{"count":5,"window_seconds":0}}"#, "/failures/window_seconds"),
    (#"{"failures":{"count":5,"window_seconds":604801}}"#, "/failures/window_seconds"),
    (#"{"success_rate":{"window_seconds":60}}"#, "/success_rate/below_percent"),
    (
      #"{"success_rate":{"below_percent":0,"window_seconds":60}}"#,
      "/success_rate/below_percent"
    ),
    (
      #"{"success_rate":{"below_percent":101,"window_seconds":60}}"#,
      "/success_rate/below_percent"
    ),
    (
      #"{"success_rate":{"below_percent":50,"window_seconds":60,"minimum_attempts":0}}"#,
      "/success_rate/minimum_attempts"
    ),
    (#"{"escalation":"yes"}"#, "/escalation"),
    (#"{"repeat_after_seconds":0}"#, "/repeat_after_seconds"),
    (#"{"repeat_after_seconds":604801}"#, "/repeat_after_seconds"),
  ])
  func termsThatAreNoneAreNamed(_ terms: String, pointer: String) async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let answer = try await stage.client("admin").send(
        .put, Self.policy, json: #"{"recovery_alerts":\#(terms)}"#,
        headers: [("If-Match", "\"policy-0\"")])
      #expect(answer.status == 422, "\(answer.text)")
      let pointers = try answer.json["errors"]?.elements.map { try $0["pointer"]?.text() }
      #expect(pointers == ["/recovery_alerts" + pointer], "\(answer.text)")
    }
  }
}
