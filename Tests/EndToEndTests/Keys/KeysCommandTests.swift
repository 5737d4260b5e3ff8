// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Protection
import TestSupport
import Testing

/// `hansard keys`, beside a running service.
@Suite(.serialized, .exclusive)
struct KeysCommandTests {
  /// What a command that must fail says.
  private func refusal(_ deployment: Deployment, _ arguments: [String]) async throws -> String {
    let outcome = try await Executable.run(arguments, environment: deployment.environment)
    #expect(outcome.status != .exited(0), "\(arguments): \(outcome.output)")
    return outcome.output
  }

  @Test(.timeLimit(.minutes(3))) func aTenantsKeysAreDestroyed() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("shred")
    let key = try await tenant.makeKey(.init("admin", user: "root")).text
    try await deployment.withService { service in
      let client = service.client(key)
      let open = try await client.make(.recording)
      let stopped = try await client.make(.recording)
      let stop = try await client.send(.post, Paths.recording(stopped, "stop"), json: "{}")
      #expect(stop.status == 200)
      let body = #"{"recording_id":"\#(stopped)","reason":"a case"}"#
      let hold = try await client.send(.post, "/api/governance/holds", json: body)
      #expect(hold.status == 201, "\(hold.text)")

      let shred = ["keys", "shred", "--tenant", tenant.id, "--reason", "the customer left"]
      #expect(try await refusal(deployment, shred).contains("--confirm"))
      let wrong = try await refusal(
        deployment, shred + ["--confirm", "00000000-0000-0000-0000-000000000000"])
      #expect(wrong.contains("names another tenant"))
      let confirmed = shred + ["--confirm", tenant.id]
      #expect(try await refusal(deployment, confirmed).contains("under a legal hold"))
      #expect(try await client.send(.get, Paths.recording(stopped)).status == 200)

      let lifted = try await client.send(
        .delete, try #require(hold.headers["location"].first), json: #"{"reason":"closed"}"#)
      #expect(lifted.status == 200, "\(lifted.text)")
      let shredded = try await deployment.answer(confirmed)
      #expect(shredded["recordings"]?.integer() == 2 && shredded["certificates"]?.integer() == 2)
      for id in [open, stopped] {
        for path in ["", "replay", "events", "export"] {
          let answer = try await client.send(.get, Paths.recording(id, path))
          #expect(answer.status == 410 && answer.code == "recording_expired", "\(path)")
        }
        let certificate = try await client.send(.get, "/api/governance/certificates/\(id)")
        #expect(certificate.status == 200, "\(certificate.text)")
      }
      let event = #"{"event_type":"step","event_data":1}"#
      let late = try await client.send(.post, Paths.recording(open, "event"), json: event)
      #expect(late.status == 410, "\(late.text)")
      // Run again, it destroys what has come since.
      let next = try await client.make(.recording)
      #expect(try await client.send(.get, Paths.recording(next)).status == 200)
      #expect(try await deployment.answer(confirmed)["recordings"]?.integer() == 1)
      #expect(try await client.send(.get, Paths.recording(next)).status == 410)
    }
  }

  /// Without its key a command changes nothing; what stands where can be seen all the same.
  @Test(.timeLimit(.minutes(3))) func withoutTheMasterKeyNothingIsRotated() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("sealed rotation")
    let readable = deployment.file("readable.key")
    let text = try String(contentsOfFile: deployment.masterKeyFile, encoding: .utf8)
    try Data(text.utf8).write(to: URL(fileURLWithPath: readable))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: readable)
    let environment = deployment.environment.merging(["HANSARD_MASTER_KEY_FILE": readable]) { $1 }
    let before = try await deployment.withDatabase { try await TableCounts.read($0) }
    for command in [
      ["rotate-master"], ["rotate-tenant", "--tenant", tenant.id],
      ["shred", "--tenant", tenant.id, "--confirm", tenant.id, "--reason", "x"],
    ] {
      let outcome = try await Executable.run(["keys"] + command, environment: environment)
      #expect(outcome.status != .exited(0))
      #expect(outcome.output.contains("open to group or others"), "\(outcome.output)")
    }
    let after = try await deployment.withDatabase { try await TableCounts.read($0) }
    #expect(after.changes(since: before) == [:])
    let status = try await Executable.run(["keys", "status"], environment: environment)
    #expect(status.status == .exited(0) && status.output.contains("state=missing"))
  }
}
