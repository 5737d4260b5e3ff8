// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// Where messages are not sent, and what is not told.
@Suite(.serialized, .exclusive)
struct WebhookSafetyTests {
  private func withStage(
    _ environment: [String: String] = WebhookStage.environment,
    _ body: @Sendable (WebhookStage) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    try await Receiver.with { receiver in
      try await deployment.withService(environment) { service in
        try await body(try await WebhookStage.make(service, in: deployment, receiver))
      }
    }
  }

  private func failure(of stage: WebhookStage) async throws -> String? {
    _ = try await stage.live.client("recorder").startRecording()
    try await eventually("a failure") {
      try await stage.webhook()["failures"]?.integer() == 1
    }
    return try await stage.webhook()["last_failure"]?.text()
  }

  @Test func aRedirectIsNotFollowed() async throws {
    try await withStage { stage in
      stage.receiver.answers(.redirect("\(stage.receiver.url)/elsewhere"))
      let failure = try await failure(of: stage)
      #expect(failure == "status_302")
      #expect(stage.receiver.messages.map(\.path) == ["/hook"])
    }
  }

  /// The same receiver that is reached elsewhere in these tests, where the operator allows it.
  @Test(arguments: ["127.0.0.1:1", "10.0.0.1", "localhost"])
  func aPrivateAddressIsRefused(allowed: String) async throws {
    let environment = ["HANSARD_ENV": "test", "HANSARD_WEBHOOK_ALLOWED_HOSTS": allowed]
    try await withStage(environment) { stage in
      let failure = try await failure(of: stage)
      #expect(failure == "address_refused")
      #expect(stage.receiver.messages.isEmpty)
    }
  }

  @Test func theSecretIsShownOnce() async throws {
    try await withStage { stage in
      let admin = stage.live.client("admin")
      for path in ["", "/\(stage.id)"] {
        let answer = try await admin.send(.get, WebhookStage.path + path)
        #expect(answer.status == 200 && !answer.text.contains("secret"))
      }
      let psql = Psql(postgres: stage.deployment.postgres, database: "postgres")
      let dump = try await psql.dump(schemaOnly: false)
      #expect(dump.contains(stage.id))
      let bytes = try #require(Data(base64Encoded: String(stage.secret.dropFirst(6))))
      #expect(!dump.contains(stage.secret.dropFirst(6)))
      #expect(!dump.contains(bytes.map { String(format: "%02x", $0) }.joined()))
      #expect(!stage.live.service.log.contains(stage.secret))
    }
  }

  @Test func registersRefuseWhatWouldNotBeSafe() async throws {
    let deployment = try await Deployment.shared()
    // As in production: https only.
    try await deployment.withService { service in
      let admin = try await LiveStage.make(service, in: deployment).client("admin")
      func status(_ body: String) async throws -> String {
        let answer = try await admin.send(.post, WebhookStage.path, json: body)
        return "\(answer.status) \(answer.code ?? "")"
      }
      let token = "ghp_" + String(repeating: "aB3", count: 12)
      let cases = [
        (#"{"url":"http://hooks.example.com"}"#, "422 bad_value"),
        (#"{"url":"https://user:pass@hooks.example.com"}"#, "422 bad_value"),
        (#"{"url":"https://hooks.example.com/\#(token)"}"#, "422 secret_in_id"),
        (#"{"url":"https://hooks.example.com","types":[]}"#, "422 empty_value"),
        (#"{"url":"https://hooks.example.com","types":["x"]}"#, "422 bad_value"),
        (#"{"url":"https://hooks.example.com","secret":"x"}"#, "422 unknown_field"),
        ("{}", "422 missing_field"),
      ]
      for (body, expected) in cases {
        let found = try await status(body)
        #expect(found == expected, "\(body)")
      }
      let good = #"{"url":"https://hooks.example.com","types":["webhook:disabled"]}"#
      var last = ""
      for _ in 0..<16 {
        last = try await admin.send(.post, WebhookStage.path, json: good).text("webhook_id")
      }
      let full = try await status(good)
      #expect(full == "422 too_many")
      // One that is disabled makes room, and needs room to come back.
      _ = try await admin.send(.delete, "\(WebhookStage.path)/\(last)")
      let name = [("Idempotency-Key", "again")]
      let first = try await admin.send(.post, WebhookStage.path, json: good, headers: name)
      let second = try await admin.send(.post, WebhookStage.path, json: good, headers: name)
      #expect(first.status == 201 && first.body == second.body)
      let back = try await admin.send(.post, "\(WebhookStage.path)/\(last)/enable")
      #expect(back.status == 422)
    }
  }
}
