// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import HansardClient
import Synchronization
import TestSupport
import Testing

/// The Swift client against a real service with a real PostgreSQL.
@Suite(.serialized, .exclusive)
struct ClientFlowTests {
  @Test func aRecordingFromStartToStop() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("swift client")
    let key = try await tenant.makeKey(.init("member", user: "alice")).text
    try await tenant.makeAgent("robot", status: "autonomous")
    try await deployment.withService { service in
      let client = try ClientCalls.client(service, key)
      let recording = try await client.start(
        .init(
          agentID: "mail-agent", reason: "r", canvasID: "c", sessionID: "s", tags: ["one", "two"]))
      #expect(recording.userID == "alice" && recording.status == "recording")
      #expect(recording.tags == ["one", "two"] && recording.canvasID == "c")
      let data = #"{ "z" : 1.10, "a":"\u00e9", "n": 1e400 }"#
      let event = try HansardClient.Event(
        type: "step", json: data, timestamp: Date(timeIntervalSince1970: 1_790_000_000.25))
      let receipt = try await client.record(event, in: recording.id)
      #expect(try await client.record(event, in: recording.id) == receipt)
      let batch = try (0..<3).map { try HansardClient.Event(type: "step", json: "\($0)") }
      #expect(try await client.record(batch, in: recording.id).map(\.seq) == [2, 3, 4])
      let stored = try await client.events(of: recording.id)
      #expect(stored.map(\.seq) == [1, 2, 3, 4])
      #expect(stored.first?.data == Array(data.utf8))
      #expect(stored.first?.leafHash == receipt.leafHash)
      #expect(stored.first?.timestamp == "2026-09-21T14:13:20.250000Z")
      let flagged = try await client.flag(recording.id, reason: "Look")
      #expect(flagged.tags.contains("flagged_review"))
      let finished = try await client.stop(recording.id, summary: "Done")
      #expect(finished.status == "completed" && finished.eventCount == 4)
      #expect(try await client.recording(recording.id).summary == "Done")

      let action = HansardClient.Action(agentID: "robot", name: "send_mail", sessionID: "s")
      let automatic = try await client.auto(action)
      #expect(automatic.created && automatic.recordingID != nil)
      #expect(try await client.auto(action).recordingID == automatic.recordingID)
      #expect(try await client.auto(.init(agentID: "mail-agent", name: "x")).recordingID == nil)
    }
  }

  @Test func refusalsAreProblems() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("swift refusals")
    let keys = try await tenant.makeKeys([
      "recorder": .init("recorder"), "member": .init("member", user: "alice"),
    ])
    try await deployment.withService { service in
      let member = try ClientCalls.client(service, keys["member"]?.text)
      let recorder = try ClientCalls.client(service, keys["recorder"]?.text)
      let recording = try await member.start(.init(agentID: "a", reason: "r")).id
      try await member.stop(recording)
      #expect(
        await ClientCalls.code { try await member.stop(recording) } == "409 recording_not_open")
      #expect(
        await ClientCalls.code { _ = try await recorder.recording(recording) } == "403 forbidden")
      let unknown = "01a1fc16-7c6f-74aa-8c32-79574bfefdc2"
      #expect(await ClientCalls.code { try await member.stop(unknown) }?.hasPrefix("404") == true)
      #expect(
        await ClientCalls.code {
          _ = try await ClientCalls.client(service, nil).recording(recording)
        }?.hasPrefix("401")
          == true)
    }
  }

  /// The service's own pointers lead to the events at fault.
  @Test func aBadEventFailsAlone() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("swift bad events")
    let key = try await tenant.makeKey(.init("member", user: "alice")).text
    try await deployment.withService { service in
      let client = try ClientCalls.client(service, key)
      let recording = try await client.start(.init(agentID: "a", reason: "r")).id
      let failures = Mutex<[String]>([])
      let session = try client.session(
        for: recording,
        options: .init(
          batchDelay: .seconds(60),
          onFailure: { failure in
            let data = String(decoding: failure.event.data, as: UTF8.self)
            guard case .problem(let problem) = failure.error else { return }
            failures.withLock { $0.append("\(data) \(problem.status) \(problem.errors.count)") }
          }))
      for number in 0..<20 {
        let type = [3, 11].contains(number) ? "bad\u{0}type" : "step"
        try await session.record(.init(type: type, json: "\(number)"))
      }
      let progress = try await session.close()
      #expect(progress.recorded == 18 && progress.failed == 2)
      #expect(failures.withLock { $0 } == ["3 422 1", "11 422 1"])
      let numbers = try await client.events(of: recording).map {
        String(decoding: $0.data, as: UTF8.self)
      }
      let good = (0..<20).filter { $0 != 3 && $0 != 11 }
      #expect(numbers == good.map(String.init))
    }
  }

  /// The service is killed again and again while a session records.
  @Test func aServiceThatIsKilledLosesAndDoublesNothing() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("swift kills")
    let key = try await tenant.makeKey(.init("member", user: "alice")).text
    var service = try await deployment.startService()
    let client = try ClientCalls.client(service, key)
    let recording = try await client.start(.init(agentID: "a", reason: "r")).id
    let session = try client.session(
      for: recording,
      options: .init(
        batchEvents: 20, batchDelay: .milliseconds(5), capacityEvents: 100,
        longestPause: .milliseconds(200)))
    let writer = Task {
      for number in 0..<3000 { try await session.record(.init(type: "step", json: "\(number)")) }
    }
    for round in 1...3 {
      try await eventually("progress") {
        await session.progress.recorded >= round * 500
      }
      await service.kill()
      service = try await service.again()
    }
    try await writer.value
    let progress = try await session.close()
    #expect(progress.recorded == 3000 && progress.failed == 0)
    var numbers: [String] = []
    while true {
      let page = try await client.events(of: recording, after: Int64(numbers.count))
      guard !page.isEmpty else { break }
      numbers += page.map { String(decoding: $0.data, as: UTF8.self) }
    }
    let all = (0..<3000).map { String($0) }
    #expect(numbers == all)
    try await service.stop()
  }

  @Test func theExampleRecords() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("swift example")
    let key = try await tenant.makeKey(.init("member", user: "alice")).text
    try await deployment.withService { service in
      let outcome = try await Executable.run(
        [], environment: ["HANSARD_URL": service.url, "HANSARD_MEMBER_KEY": key],
        program: try Companion.path("hansard-example-record"))
      #expect(outcome.status == .exited(0), "\(outcome.output)")
      #expect(
        outcome.output.contains("1001 recorded. 1001 events recorded, operation completed"),
        "\(outcome.output)")
    }
  }
}
