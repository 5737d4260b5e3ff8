// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Many clients at once on one recording, or all about to start one.
@Suite(.serialized, .exclusive)
struct ConcurrencyTests {
  @Test(.timeLimit(.minutes(3)))
  func sixtyFourAppendersLeaveNoGap() async throws {
    let deployment = try await Deployment.shared()
    let key = try await deployment.makeTenant("appenders").makeKey(.init("admin", user: "alice"))
    try await deployment.withService { service in
      let client = service.client(key.text)
      let recording = try await client.startRecording()
      let journal = Journal()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<64 {
          let writer = Writer(
            number: number, recording: recording, client: client, journal: journal)
          group.addTask { try await writer.write { journal.acknowledgedCount >= 20_000 } }
        }
        try await group.waitForAll()
      }
      let stored = try await client.allEvents(of: recording)
        .map { try Testimony.Stored($0, of: recording) }
      #expect(stored.count >= 20_000)
      #expect(stored.map(\.seq) == Array(1...Int64(stored.count)))
      #expect(Testimony(journal).findings(in: stored) == [])
      #expect(journal.surprises == [])
      let found = try await client.send(.get, Paths.recordings + "?limit=1").json
      #expect(found.elements.map { $0["event_count"]?.integer() } == [Int64(stored.count)])
    }
  }

  @Test func twentyAutosMakeOneRecording() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("autos")
    let key = try await tenant.makeKey(.init("recorder")).text
    try await tenant.makeAgent("robot", status: "autonomous")
    try await deployment.withService { first in
      try await deployment.withService { second in
        for session in ["session-1", "session-2", "session-3"] {
          let clients = [first.client(key), second.client(key)]
          let answers = try await autos(20, clients, session: session)
          #expect(Set(answers.map(\.status)) == [200])
          #expect(Set(try answers.map { try $0.text("recording_id") }).count == 1)
          #expect(try answers.filter { try $0.json["created"]?.bool() == true }.count == 1)
        }
        try await expectRecordings(of: tenant)
      }
    }
  }

  /// Without a session or canvas each action is a recording of its own; nothing joins them.
  @Test func autosWithoutASessionStayApart() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("autos apart")
    let key = try await tenant.makeKey(.init("recorder")).text
    try await tenant.makeAgent("robot", status: "autonomous")
    try await deployment.withService { service in
      let answers = try await autos(20, [service.client(key)], session: nil)
      #expect(Set(try answers.map { try $0.text("recording_id") }).count == 20)
    }
  }

  private func autos(_ count: Int, _ clients: [Client], session: String?) async throws -> [Answer] {
    try await withThrowingTaskGroup(of: Answer.self) { group in
      for index in 0..<count {
        let client = clients[index % clients.count]
        let context = session.map { #"{"session_id":"\#($0)"}"# } ?? "{}"
        let body =
          #"{"agent_id":"robot","user_id":"alice","action":"act-\#(index)","context":\#(context)}"#
        group.addTask { try await client.send(.post, Paths.recordings + "/auto", json: body) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func expectRecordings(of tenant: Tenant) async throws {
    let key = try await tenant.makeKey(.init("auditor")).text
    try await tenant.deployment.withService { service in
      let answer = try await service.client(key).send(.get, Paths.recordings)
      let recordings = try Array(answer.json.elements)
      #expect(recordings.count == 3)
      let wanted = Set(["autonomous", "governance"] + (0..<20).map { "act-\($0)" })
      for recording in recordings {
        let tags = try recording["tags"]?.elements.map { try $0.text() } ?? []
        #expect(tags.count == 22)
        #expect(Set(tags) == wanted)
        #expect(try recording["reason"]?.text() == "autonomous_action")
      }
    }
  }
}
