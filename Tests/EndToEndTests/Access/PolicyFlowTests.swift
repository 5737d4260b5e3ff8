// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// A tenant's policy: replaced only by who has seen it, and obeyed by starts, stops and the queue.
@Suite(.serialized, .exclusive)
struct PolicyFlowTests {
  private static let policy = "/api/governance/policy"

  private let document = VersionedDocument(command: "policy", path: policy)

  /// The same at the command line.
  @Test func theCommandsDoWhatTheRouteDoes() async throws {
    try await document.withAdmin("policy commands") { client, tenant in
      let set = try await document.settleByCommand(
        #"{"retention_days":45,"retention_profile":"gdpr_min","four_eyes":true,"recovery_alerts":{"escalation":true}}"#,
        refusing: #"{"retention_days":30,"retention_profile":"gdpr_min"}"#, for: client, of: tenant)
      #expect(set["retention_days"]?.integer() == 45)
      #expect(try set["retention_profile"]?.text() == "gdpr_min")
      #expect(set["pending_retention"]?["days_after"]?.integer() == 45)
      let alerts =
        #"{"failures":null,"success_rate":null,"escalation":true,"repeat_after_seconds":3600}"#
      #expect(set["recovery_alerts"]?.raw == alerts)
    }
  }

  @Test func onlyWhatWasSeenIsReplaced() async throws {
    try await document.withAdmin("policy versions") { client, _ in
      let first = try await client.send(.get, Self.policy)
      #expect(first.status == 200 && first.headers["etag"] == ["\"policy-0\""])
      #expect(try first.json["retention_days"]?.isNull == true)
      let tag = try #require(first.headers["etag"].first)

      #expect(try await document.put(client, "{}", over: nil).status == 428)
      for wrong in ["\"policy-1\"", "policy-0", "*", "\"policy-00\"", "W/\"policy-0\""] {
        let answer = try await document.put(client, "{}", over: wrong)
        #expect(answer.status == 412 && answer.code == "precondition_failed", "\(wrong)")
      }
      let terms = #"{"retention_days":30,"review_sample_percent":12.5}"#
      let set = try await document.put(client, terms, over: tag)
      #expect(set.status == 200 && set.headers["etag"] == ["\"policy-1\""], "\(set.text)")
      #expect(try await document.put(client, terms, over: tag).status == 412)
      #expect(try await client.send(.get, Self.policy).body == set.body)
      // Each that was refused is a line as well; the one without If-Match asked for nothing.
      let refusals = try await client.send(
        .get, "/api/governance/audit?action=set_policy&outcome=refused")
      #expect(try refusals.json.elements.count == 6)
      let trail = try await client.send(.get, "/api/governance/audit?action=set_policy")
      let changed = try trail.json.elements.first { try $0["outcome"]?.text() == "allowed" }
      #expect(try changed?["audit_metadata"]?["retention_days_before"]?.text() == "default")
      #expect(try changed?["audit_metadata"]?["retention_days_after"]?.text() == "30")
    }
  }

  @Test func oneOfManyAtOnceWins() async throws {
    try await document.withAdmin("policy race") { client, _ in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for days in 1...10 {
          group.addTask {
            try await document.put(client, "{\"retention_days\":\(days)}", over: "\"policy-0\"")
              .status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.filter { $0 == 200 }.count == 1)
      #expect(statuses.filter { $0 == 412 }.count == 9)
    }
  }

  @Test func stopsAndTheQueueObeyIt() async throws {
    try await document.withAdmin("policy obeyed") { client, tenant in
      let terms = #"{"retention_days":120,"review_sample_percent":100}"#
      #expect(try await document.put(client, terms, over: "\"policy-0\"").status == 200)
      let id = try await client.startRecording()
      _ = try await client.send(.post, Paths.recording(id, "stop"), json: "{}")
      let isKept: Bool = try await tenant.deployment.value(
        """
        select expires_at - stopped_at = interval '120 days'
        from hansard.canvas_recordings where recording_id = '\(id)'
        """)
      #expect(isKept)
      let reviews = try await client.send(.get, "/api/governance/reviews").json.elements
      let sources = try reviews.map { try $0["source"]?.text() }
      #expect(sources == ["sample"])
      let never = try await document.put(
        client, #"{"review_sample_percent":0}"#, over: "\"policy-1\"")
      #expect(never.status == 200)
      let other = try await client.startRecording()
      _ = try await client.send(.post, Paths.recording(other, "stop"), json: "{}")
      let later = try await client.send(.get, "/api/governance/reviews").json.elements
      #expect(later.count == 1)
    }
  }

  /// Seven days in which a shorter retention can be taken back.
  @Test func aShorterRetentionWaitsAndCanBeUndone() async throws {
    try await document.withAdmin("policy grace") { client, tenant in
      let change = "\(Self.policy)/retention-change"
      #expect(try await client.send(.delete, change).status == 404)
      let id = try await client.startRecording()
      _ = try await client.send(.post, Paths.recording(id, "stop"), json: "{}")
      let preview = try await client.send(
        .get, "\(Self.policy)/retention-preview?retention_days=3&retention_profile=gdpr_min")
      #expect(preview.status == 422 && preview.text.contains("Article 12(3)"), "\(preview.text)")
      let asked = try await client.send(.get, "\(Self.policy)/retention-preview?retention_days=3")
      #expect(asked.status == 200, "\(asked.text)")
      #expect(try asked.json["expired_recordings"]?.integer() == 1)
      #expect(try asked.json["earlier_recordings"]?.integer() == 1)
      let command = try await tenant.deployment.answer([
        "retention", "preview", "--tenant", tenant.id, "--days", "3", "--json",
      ])
      #expect(command["expired_recordings"]?.integer() == 1)
      for bad in ["", "?retention_days=0", "?retention_days=x", "?days=3"] {
        let answer = try await client.send(.get, "\(Self.policy)/retention-preview\(bad)")
        #expect((400...422).contains(answer.status), "\(bad): \(answer.status)")
      }

      let set = try await document.put(client, #"{"retention_days":3}"#, over: "\"policy-0\"")
      #expect(try set.json["pending_retention"]?["days_before"]?.integer() == 90)
      #expect(try set.json["pending_retention"]?["days_after"]?.integer() == 3)
      #expect(try await client.send(.get, Self.policy).body == set.body)
      let undone = try await client.send(.delete, change)
      #expect(undone.status == 200 && undone.headers["etag"] == ["\"policy-2\""])
      #expect(try undone.json["retention_days"]?.isNull == true)
      #expect(try undone.json["pending_retention"]?.isNull == true)
      #expect(try await client.send(.get, Self.policy).body == undone.body)
      #expect(try await client.send(.delete, change).status == 404)
    }
  }

  @Test(arguments: [
    #"{"retention_days":0}"#, #"{"retention_days":1.5}"#, #"{"retention_days":"30"}"#,
    #"{"new_autonomy_reviews":1001}"#, #"{"new_autonomy_reviews":-1}"#,
    #"{"retention_days":183,"retention_profile":"eu_ai_act"}"#, #"{"retention_profile":"sox"}"#,
    #"{"retention_profile":"hipaa"}"#, #"{"minimum_retention_days":91}"#,
    #"{"review_sample_percent":101}"#, #"{"review_sample_percent":-1}"#, #"{"days":3}"#, "[]",
  ])
  func termsThatAreNoneAreRefused(_ terms: String) async throws {
    try await document.withAdmin("policy refusals") { client, _ in
      let answer = try await document.put(client, terms, over: "\"policy-0\"")
      #expect(answer.status == 422)
    }
  }
}
