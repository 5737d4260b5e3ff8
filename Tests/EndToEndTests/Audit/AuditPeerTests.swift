// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// (H023) Where callers come from, as the audit log has it: the other end of the connection, whatever a
/// request says.
@Suite(.serialized, .exclusive)
struct AuditPeerTests {
  private static let log = "/api/governance/audit"

  @Test func thePeerIsTheSocketsAndNotTheRequestsWord() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let admin = stage.client("admin")
      let words = [
        ("X-Forwarded-For", "198.51.100.1"), ("X-Real-IP", "198.51.100.2"),
        ("Forwarded", "for=198.51.100.3"),
      ]
      let id = try await stage.client("recorder").startRecording()
      _ = try await admin.send(.get, Paths.recording(id), headers: words)
      let refused = try await stage.client("other").send(
        .get, Paths.recording(id), headers: words)
      #expect(refused.status == 403)
      // A recording is followed by whoever opened the connection, minutes later too.
      let (client, _) = try await stage.listen("auditor")
      await client.send(#"{"type":"subscribe","recording_id":"\#(id)"}"#)
      #expect(try await client.next().type == "subscribed")
      await client.drop()
      let lines = Array(try await admin.send(.get, Self.log).json.elements)
      let byActor = try Dictionary(grouping: lines) { try $0["actor"]?.text() == "operator" }
      // The keys' making was at the command line, which comes from nowhere.
      let operators = try #require(byActor[true])
      #expect(operators.allSatisfy { $0["peer"]?.isNull == true })
      let others = try #require(byActor[false])
      #expect(
        try Set(others.map { try $0["action"]?.text() ?? "" }).isSuperset(of: [
          "start_recording", "read_recording", "watch_notices", "follow_recording",
        ]))
      #expect(try others.allSatisfy { try $0["peer"]?.text() == "127.0.0.0/24" })
      #expect(!lines.contains { $0.raw.contains("198.51.100") })
      let csv = try await admin.send(.get, "\(Self.log)/export?format=csv&action=read_recording")
      let rows = csv.text.split(separator: "\r\n")
      #expect(rows.count == 3 && rows[0].hasSuffix(",governance_check_passed,peer"))
      #expect(rows.dropFirst().allSatisfy { $0.hasSuffix(",127.0.0.0/24") })
    }
  }
}
