// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import TestSupport
import Testing

/// SIGTERM under load: the service finishes what it began, exits with 0, and everything that it
/// acknowledged is there.
@Suite(.serialized, .exclusive)
struct GracefulStopTests {
  @Test(.timeLimit(.minutes(3)))
  func aStopUnderLoadLosesNothing() async throws {
    try await Deployment.with(settings: KillLoop.settings) { deployment in
      let tenant = try await deployment.makeTenant("graceful stop")
      let key = try await tenant.makeKey(.init("admin", user: "alice")).text
      for round in 1...5 {
        let journal = Journal()
        var service = try await deployment.startService()
        let recording = try await service.client(key).startRecording()
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<16 {
            let writer = Writer(
              number: number, recording: recording, client: service.client(key), journal: journal)
            group.addTask { await writer.writeUntilRefused() }
          }
          try await eventually("load") { journal.acknowledgedCount > 200 }
          #expect(try await service.stop() == .exited(0))
          try await group.waitForAll()
        }
        print("graceful stop \(round): \(journal.summary)")
        service = try await service.again()
        let stored = try await service.client(key).allEvents(of: recording)
          .map { try Testimony.Stored($0, of: recording) }
        #expect(Testimony(journal).findings(in: stored) == [])
        #expect(journal.surprises == [])
        #expect(journal.acknowledgedCount > 200)
        #expect(try await service.stop() == .exited(0))
      }
    }
  }

  /// A client that never ends its request does not keep the service from stopping in time.
  @Test(.timeLimit(.minutes(1)))
  func aStopDoesNotWaitForSlowClients() async throws {
    let deployment = try await Deployment.shared()
    let key = try await deployment.makeTenant("slow stop").makeKey(.init("recorder")).text
    let service = try await deployment.startService()
    let openFiles = service.openFiles
    let request = RawRequest("POST", Paths.recordings + "/start", key: key, body: [])
      .with(\.contentLength, "100")
    async let slow = RawConnection.exchange(
      .init(
        port: service.settings.ports.main, bytes: Array(repeating: 0x20, count: 100),
        pace: .milliseconds(500), head: request.bytes, closesOutput: false, limit: .seconds(40)))
    try await eventually("the slow connection") {
      service.openFiles > openFiles
    }
    let start = ContinuousClock.now
    #expect(try await service.stop(within: .seconds(30)) == .exited(0))
    #expect(ContinuousClock.now - start < .seconds(20))
    #expect(try await slow.end != .limit)
  }
}
