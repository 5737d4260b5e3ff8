// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// What a tenant has redacted is replaced only by who has seen it, over HTTP and at the command line.
@Suite(.serialized, .exclusive)
struct RedactionFlowTests {
  private static let path = "/api/governance/redaction"

  private let document = VersionedDocument(command: "redaction", path: path)

  @Test func onlyWhatWasSeenIsReplaced() async throws {
    try await document.withAdmin("redaction versions") { client, _ in
      let first = try await client.send(.get, Self.path)
      #expect(first.status == 200 && first.headers["etag"] == ["\"redaction-0\""])
      let without = try await document.put(client, "{}", over: nil)
      #expect(without.status == 428 && without.code == "precondition_required")
      let wrongs = ["\"redaction-1\"", "redaction-0", "*", "\"policy-0\"", "W/\"redaction-0\"", ""]
      for wrong in wrongs {
        let answer = try await document.put(client, "{}", over: wrong)
        #expect(answer.status == 412 && answer.code == "precondition_failed", "\(wrong)")
      }
      let policy = #"{"switched_off":["phone"]}"#
      let set = try await document.put(client, policy, over: first.headers["etag"].first)
      #expect(set.status == 200 && set.headers["etag"] == ["\"redaction-1\""], "\(set.text)")
      #expect(try await document.put(client, "{}", over: "\"redaction-0\"").status == 412)
      // The other's rule is there still.
      #expect(try await client.send(.get, Self.path).body == set.body)
      // Each refusal is a line: a tag of ours and one that is none alike.
      let path = "/api/governance/audit?action=set_redaction_policy&outcome=refused"
      let refusals = Array(try await client.send(.get, path).json.elements)
      #expect(refusals.count == wrongs.count + 1)
      #expect(try refusals.first?["audit_metadata"]?["version"]?.text() == "1")
    }
  }

  @Test func oneOfTenAtOnceWins() async throws {
    try await document.withAdmin("redaction race") { client, _ in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<10 {
          group.addTask {
            let rule = #"""
              {"rules":[{"name":"rule_\#(number)","position":"prefix","literal":"abcd-",
                "characters":"digit","minimum_length":8,"maximum_length":8}]}
              """#
            return try await document.put(client, rule, over: "\"redaction-0\"").status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.sorted() == [200] + [Int](repeating: 412, count: 9))
    }
  }

  @Test func theCommandsDoWhatTheRouteDoes() async throws {
    try await document.withAdmin("redaction commands") { client, tenant in
      let set = try await document.settleByCommand(
        #"{"switched_off":["email"]}"#, refusing: #"{"switched_off":["nothing"]}"#, for: client,
        of: tenant)
      #expect(set["version"]?.integer() == 1 && set["switched_off"]?.raw == #"["email"]"#)
    }
  }
}
