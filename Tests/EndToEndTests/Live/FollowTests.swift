// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Recordings that are followed as they are written.
@Suite(.serialized, .exclusive)
struct FollowTests {
  private static func subscribe(_ id: String, after seq: Int? = nil) -> String {
    let rest = seq.map { #","after_seq":\#($0)"# } ?? ""
    return #"{"type":"subscribe","recording_id":"\#(id)"\#(rest)}"#
  }

  @Test func aRecordingIsFollowedToItsEnd() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      try await deployment.withService { twin in
        let stage = try await LiveStage.make(service, in: deployment)
        let id = try await stage.client("recorder").startRecording()
        for n in 1...120 { try await stage.append("{\"n\": \(n)}", to: id) }
        let (live, _) = try await stage.on(twin).listen("auditor")
        let (whole, _) = try await stage.listen("member")
        await live.send(Self.subscribe(id))
        await whole.send(Self.subscribe(id, after: 0))
        #expect(try await live.next("subscribed").data["next_seq"]?.integer() == 121)
        #expect(try await whole.next("subscribed").data["next_seq"]?.integer() == 1)
        for n in 121...200 { try await stage.append("{\"n\": \(n)}", to: id) }
        _ = try await stage.client("recorder").send(.post, Paths.recording(id, "stop"))
        for (client, first) in [(live, 121), (whole, 1)] {
          for n in first...200 {
            let event = try await client.next("canvas:recording_event")
            let members = ["recording_id", "seq", "timestamp", "event_type", "data"]
            #expect(event.data.members.map(\.key) == members)
            #expect(event.data["seq"]?.integer() == Int64(n))
            // To the byte, with its space.
            #expect(event.data["data"]?.raw == "{\"n\": \(n)}")
          }
          let end = try await client.next("unsubscribed")
          #expect(try end.data["reason"]?.text() == "stopped")
          await client.drop()
        }
        // Two looks, one entry each, in the list of who looked.
        let audit = try await stage.client("auditor").send(
          .get, "/api/governance/audit?recording_id=\(id)&reads_content=true")
        let actions = try audit.json.elements.map { try $0["action"]?.text() }
        #expect(actions == ["follow_recording", "follow_recording"])
      }
    }
  }

  /// Nothing of the first time comes among what is told the second time.
  @Test func aRecordingIsFollowedAgainFromTheBeginning() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let id = try await stage.client("recorder").startRecording()
      let events = (1...400).map { #"{"event_type":"step","event_data":\#($0)}"# }
      let batch = "[\(events.joined(separator: ","))]"
      _ = try await stage.client("recorder").send(.post, Paths.recording(id, "events"), json: batch)
      let (client, _) = try await stage.listen("auditor")
      for _ in 0..<3 {
        await client.send(Self.subscribe(id, after: 0))
        await client.send(#"{"type":"unsubscribe","recording_id":"\#(id)"}"#)
      }
      await client.send(Self.subscribe(id, after: 0))
      for _ in 0..<3 { _ = try await client.next("unsubscribed") }
      #expect(try await client.next("subscribed").data["next_seq"]?.integer() == 1)
      for seq in 1...400 {
        #expect(try await client.next().data["seq"]?.integer() == Int64(seq))
      }
      await client.drop()
    }
  }

  @Test func nobodyFollowsWhatTheyMayNotRead() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let foreign = try await LiveStage.make(service, in: deployment)
      let own = try await stage.client("recorder").startRecording()
      let theirs = try await foreign.client("recorder").startRecording()
      let (bob, _) = try await stage.listen("other")
      let cases = [
        (Self.subscribe(own), "forbidden"), (Self.subscribe(theirs), "not_found"),
        (Self.subscribe("*"), "bad_uuid"), ("{}", "missing_field"), ("[]", "wrong_type"),
        ("{", "malformed_json"), (#"{"type":"publish","recording_id":"\#(own)"}"#, "bad_value"),
        (#"{"type":"subscribe","recording_id":"\#(own)","x":1}"#, "unknown_field"),
      ]
      for (message, code) in cases {
        await bob.send(message)
        let answer = try await bob.next()
        #expect(answer.type == "error")
        let refusal = try answer.data["code"]?.text()
        #expect(refusal == code, "\(message)")
      }
      try await stage.append("1", to: own)
      // Refused ones are in the audit log, and nothing was told but what is bob's.
      let audit = try await stage.client("auditor").send(
        .get, "/api/governance/audit?action=follow_recording&outcome=refused")
      #expect(try audit.json.elements.count == 2)
      let mine = try await stage.client("recorder").startRecording(user: "bob")
      #expect(try await bob.next().data["recording_id"]?.text() == mine)
      // Not twice at once, but again and again.
      for _ in 0..<2 {
        await bob.send(Self.subscribe(mine))
        #expect(try await bob.next().type == "subscribed")
        await bob.send(Self.subscribe(mine))
        #expect(try await bob.next().data["code"]?.text() == "already_exists")
        await bob.send(#"{"type":"unsubscribe","recording_id":"\#(mine)"}"#)
        #expect(try await bob.next().data["reason"]?.text() == "asked")
      }
      await bob.drop()
    }
  }

  @Test func noMoreThanSixtyFourAtOnce() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let (client, _) = try await stage.listen("auditor")
      var ids: [String] = []
      for _ in 0..<65 { ids.append(try await stage.client("recorder").startRecording()) }
      for id in ids {
        await client.send(Self.subscribe(id))
        let answer = try await nextReply(client)
        #expect(answer.type == (id == ids.last ? "error" : "subscribed"))
      }
      await client.drop()
    }
  }

  private func nextReply(_ client: LiveClient) async throws -> LiveClient.Message {
    while true {
      let message = try await client.next()
      if !message.type.hasPrefix("canvas:") { return message }
    }
  }
}
