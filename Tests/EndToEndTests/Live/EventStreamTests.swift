// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The same for clients that have no WebSocket: Server-Sent Events.
@Suite(.serialized, .exclusive)
struct EventStreamTests {
  @Test func aStreamTellsTheSame() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let id = try await stage.client("recorder").startRecording()
      try await stage.append("{\n\"n\": 1}", to: id)
      let path = "\(Paths.stream)?recording_id=\(id)&after_seq=0"
      let last = try await stage.client("auditor").streamed(path) { events in
        #expect(events.head["content-type"] == ["text/event-stream"])
        let ready = try await events.next()
        #expect(ready.type == "ready" && ready.data == "{}")
        #expect(try await events.next().type == "subscribed")
        let event = try await events.next()
        #expect(event.type == "canvas:recording_event" && event.id == nil)
        #expect(event.data.hasSuffix("\"data\":{ \"n\": 1}}"))
        _ = try await stage.client("recorder").send(.post, Paths.recording(id, "stop"))
        // In either order: they come by different ways.
        var types: Set<String> = []
        var last: String?
        for _ in 0..<2 {
          let event = try await events.next()
          types.insert(event.type)
          last = event.id ?? last
        }
        #expect(types == ["canvas:recording_stopped", "unsubscribed"])
        return last
      }
      let next = try await stage.client("recorder").startRecording()
      let header = [("Last-Event-ID", try #require(last))]
      try await stage.client("auditor").streamed(Paths.stream, headers: header) { events in
        let (ready, told) = (try await events.next(), try await events.next())
        #expect(ready.type == "ready")
        #expect(told.data.contains(next))
      }
    }
  }

  /// Nobody keeps the place of a listener who has gone.
  @Test func whoClosesTheirHalfHasGone() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let request = "GET \(Paths.stream) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
      let outcome = try await RawConnection.exchange(
        port: service.settings.ports.main, request + stage.key("auditor").text + "\r\n\r\n")
      #expect(outcome.end != .limit && outcome.duration < .seconds(5))
    }
  }

  /// Ends within a few seconds, and not like an answer that is whole.
  private func expectCut(_ events: ServerSentEvents, within limit: Duration) async {
    let start = ContinuousClock.now
    do {
      while true { _ = try await events.next() }
    } catch is TestSupportError {
      Issue.record("the stream ended as if it were whole")
    } catch {
      // Cut off.
    }
    #expect(start.duration(to: .now) < limit)
  }

  @Test func aRevokedKeyEndsItsStreams() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      try await deployment.withService { twin in
        let stage = try await LiveStage.make(service, in: deployment)
        try await stage.client("reviewer").streamed(Paths.stream) { near in
          #expect(try await near.next().type == "ready")
          try await stage.on(twin).client("reviewer").streamed(Paths.stream) { far in
            let ready = try await far.next()
            #expect(ready.type == "ready")
            let path = "/api/governance/keys/\(stage.key("reviewer").id)"
            let revoked = try await stage.client("admin").send(.delete, path)
            #expect(revoked.status == 200)
            await expectCut(near, within: .seconds(5))
            await expectCut(far, within: .seconds(5))
          }
        }
      }
    }
  }

  @Test func aStreamEndsWithItsToken() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("token event streams")
    let key = try SigningKey(.es256, id: "stream")
    try await TestIssuer.with([key]) { issuer in
      try await deployment.withService(issuer.environment) { service in
        // It is taken for a minute after its end, of which four seconds are left.
        let end = Int(Date.now.timeIntervalSince1970) - 56
        let token = try TestIssuer.token(key, tenant, user: "olga", role: "auditor")
          .claim("iat", nil).claim("exp", "\(end)").text(by: key)
        try await service.client(token).streamed(Paths.stream) { events in
          let ready = try await events.next()
          #expect(ready.type == "ready")
          await expectCut(events, within: .seconds(15))
        }
      }
    }
  }

  /// What was sent is kept by the system for a reader who begins again; its end is not that of a whole answer.
  @Test func aReaderWhoTakesNothingIsCut() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let slow = try await StalledConnection.open(
        port: service.settings.ports.main,
        "GET \(Paths.stream) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
          + "\(stage.key("auditor").text)\r\n\r\n")
      try await eventually("a subscriber") {
        try await stage.subscribers() == 1
      }
      // More than a system keeps for a reader.
      for round in 0..<60 { try await stage.fill(20, from: 20 * round) }
      try await eventually(within: .seconds(20), "a slow reader cut") {
        try await stage.subscribers() == 0
      }
      let received = try await slow.readToEnd(within: .seconds(10))
      #expect(received.starts(with: Array("HTTP/1.1 200".utf8)))
      #expect(Array(received.suffix(5)) != Array("0\r\n\r\n".utf8))
    }
  }

  @Test func aStreamIsRefusedLikeARead() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let id = try await stage.client("recorder").startRecording()
      let path = "\(Paths.stream)?recording_id=\(id)"
      #expect(try await stage.client("recorder").send(.get, Paths.stream).status == 403)
      #expect(try await stage.client("other").send(.get, path).status == 403)
      #expect(try await service.client(nil).send(.get, path).status == 401)
      #expect(try await stage.client("auditor").send(.head, Paths.stream).status == 200)
      let nowhere = "\(Paths.stream)?recording_id=0190b0a4-7c3d-7e55-9c11-0123456789ab"
      #expect(try await stage.client("auditor").send(.get, nowhere).status == 404)
    }
  }
}
