// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import NIOHTTP1
import Protection
import TestSupport
import Testing

/// Notices that are sent to a receiver.
@Suite(.serialized, .exclusive)
struct WebhookTests {
  private func withStage(
    types: String = "null", _ body: @Sendable (WebhookStage) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    try await Receiver.with { receiver in
      try await deployment.withService(WebhookStage.environment) { service in
        try await body(
          try await WebhookStage.make(service, in: deployment, receiver, types: types))
      }
    }
  }

  /// Starts recordings and returns their ids.
  private func start(_ count: Int, _ stage: WebhookStage) async throws -> [String] {
    var ids: [String] = []
    for _ in 0..<count { ids.append(try await stage.live.client("recorder").startRecording()) }
    return ids
  }

  @Test func noticesArriveSignedInOrderAndOnce() async throws {
    try await withStage { stage in
      try await stage.deployment.withService(WebhookStage.environment) { _ in
        let ids = try await start(30, stage)
        try await stage.arrived(30)
        #expect(try stage.announced() == ids)
      }
      let messages = stage.receiver.messages
      #expect(Set(messages.map(\.id)).count == 30)
      for message in messages {
        #expect(message.path == "/hook" && message.headers["content-type"] == ["application/json"])
        #expect(try message.isSigned(with: stage.secret))
        // The control: whoever does not know the secret signs nothing.
        let wrong = "whsec_" + Data(repeating: 1, count: 32).base64EncodedString()
        #expect(try !message.isSigned(with: wrong))
        let root = try message.json
        #expect(root.names == ["type", "timestamp", "data"])
        #expect(try root["type"]?.text() == "canvas:recording_started")
      }
      let webhook = try await stage.webhook()
      #expect(webhook["failures"]?.integer() == 0 && webhook["delivered_at"]?.isNull == false)
    }
  }

  @Test func onlyWhatWasAskedForIsSent() async throws {
    try await withStage(types: #"["canvas:recording_stopped"]"#) { stage in
      let ids = try await start(2, stage)
      _ = try await stage.live.client("recorder").send(.post, Paths.recording(ids[1], "stop"))
      try await stage.arrived(1)
      #expect(try stage.announced() == [ids[1]])
      #expect(try stage.receiver.messages[0].json["type"]?.text() == "canvas:recording_stopped")
    }
  }

  @Test func failuresAreTriedAgainAndNothingOvertakes() async throws {
    try await withStage { stage in
      stage.receiver.answers(.answer(500, "no"))
      let ids = try await start(3, stage)
      for failures in 1...2 {
        try await eventually("a failure") {
          try await stage.webhook()["failures"]?.integer() == Int64(failures)
        }
        let webhook = try await stage.webhook()
        #expect(try webhook["last_failure"]?.text() == "status_500")
        // The pause stands in the row; without it, the next attempt would have come by itself.
        let pause: Double = try await stage.deployment.value(
          """
          select extract(epoch from attempt_at - now())::float8
          from hansard.webhooks where webhook_id = '\(stage.id)'
          """)
        #expect(pause > Double(failures) * 5 - 3)
        #expect(stage.receiver.messages.count == failures)
        if failures == 2 { stage.receiver.answers(.answer(200, "yes")) }
        try await stage.hasten()
      }
      try await stage.arrived(5)
      #expect(try stage.announced() == [ids[0], ids[0], ids[0], ids[1], ids[2]])
      let names = stage.receiver.messages.map(\.id)
      #expect(Set(names[0...2]).count == 1 && Set(names).count == 3)
      try await eventually("no failure") {
        try await stage.webhook()["failures"]?.integer() == 0
      }
    }
  }

  @Test func aReceiverThatIsGoneIsLeftAloneUntilItIsEnabled() async throws {
    try await withStage { stage in
      let (admin, _) = try await stage.live.listen("admin")
      stage.receiver.answers(.answer(410, ""))
      let ids = try await start(2, stage)
      let notice = try await admin.next("webhook:disabled")
      #expect(try notice.data["webhook_id"]?.text() == stage.id)
      #expect(try notice.data["reason"]?.text() == "gone")
      await admin.drop()
      let webhook = try await stage.webhook()
      #expect(try webhook["disabled_reason"]?.text() == "gone")
      #expect(try webhook["disabled_by"]?.text() == "system")
      let audit = try await stage.live.client("auditor").send(
        .get, "/api/governance/audit?action=disable_webhook&actor=system")
      let entries = try audit.json.elements.map { try $0["audit_metadata"]?["webhook_id"]?.text() }
      #expect(entries == [stage.id])
      stage.receiver.answers(.answer(200, ""))
      let enabled = try await stage.live.client("admin").send(
        .post, "\(WebhookStage.path)/\(stage.id)/enable")
      #expect(enabled.status == 200)
      // What it has missed, and that it was disabled.
      try await stage.arrived(4)
      #expect(try stage.announced() == [ids[0], ids[0], ids[1], ""])
    }
  }

  @Test(arguments: [
    "failures = 19, failing_since = now()",
    "failures = 1, failing_since = now() - interval '73 hours'",
  ])
  func whoFailsTooOftenOrTooLongIsDisabled(past: String) async throws {
    try await withStage { stage in
      stage.receiver.answers(.hangUp)
      try await stage.change(past)
      let (admin, _) = try await stage.live.listen("admin")
      _ = try await start(1, stage)
      let notice = try await admin.next("webhook:disabled")
      #expect(try notice.data["reason"]?.text() == "failing")
      #expect(try notice.data["last_failure"]?.text() == "unreachable")
      await admin.drop()
      #expect(stage.receiver.messages.count == 1)
    }
  }

  @Test func aCrashLosesNothing() async throws {
    let deployment = try await Deployment.shared()
    try await Receiver.with { receiver in
      let service = try await deployment.startService(WebhookStage.environment)
      let stage = try await WebhookStage.make(service, in: deployment, receiver)
      var ids = try await start(3, stage)
      try await stage.arrived(3)
      // In the middle of an attempt that the receiver has, and the service does not know of.
      receiver.answers(.silence)
      ids += try await start(3, stage)
      try await stage.arrived(4)
      await service.kill()
      receiver.answers(.answer(200, ""))
      let again = try await service.again()
      try await stage.hasten()
      try await stage.arrived(7)
      #expect(try stage.announced() == Array(ids[...3]) + Array(ids[3...]))
      #expect(receiver.messages[3].id == receiver.messages[4].id)
      #expect(try await again.stop() == .exited(0))
    }
  }
}
