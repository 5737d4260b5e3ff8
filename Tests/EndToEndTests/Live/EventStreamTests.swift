// Hansard
// SPDX-License-Identifier: Apache-2.0

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
