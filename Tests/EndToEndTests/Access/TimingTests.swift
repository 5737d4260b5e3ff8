// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// What somebody learns who only measures how long answers take: nothing of keys that are not theirs, and nothing
/// of other tenants' recordings. `TIMING_SAMPLES` says how many times of each are compared.
@Suite(.serialized, .exclusive)
struct TimingTests {
  private static let keys = "/api/governance/keys"

  private func ask(_ client: Client, _ path: String, _ status: Int) async throws {
    let answer = try await client.send(.get, path)
    guard answer.status == status else {
      throw TestSupportError("\(answer.status) in place of \(status): \(answer.text)")
    }
  }

  /// X5, over the socket.
  @Test(.timeLimit(.minutes(10)), arguments: [false, true])
  func aWrongSecretTakesAsLongAsAnUnknownKey(isDefective: Bool) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("timing of keys")
    let admin = try await tenant.makeKey(.init("admin", user: "alice")).text
    let defect = ["HANSARD_ENV": "test", "HANSARD_PLANTED_DEFECT": "refuse-keys-from-memory"]
    try await deployment.withService(isDefective ? defect : [:]) { service in
      var known: [Client] = []
      var unknown: [Client] = []
      for _ in 0..<16 {
        let made = try await service.client(admin).send(
          .post, Self.keys, json: #"{"role":"auditor"}"#)
        let (text, other) = (try made.text("key"), UUID().uuidString)
        try await ask(service.client(text), Paths.recordings, 200)
        known.append(service.client(Self.withAnotherSecret(text)))
        let id = other.filter { $0 != "-" }.lowercased()
        unknown.append(service.client(Self.withAnotherSecret("hsd_\(id)_\(text.suffix(43))")))
      }
      let found = try await TimingComparison.repeatedly {
        try await TimingComparison.measure { number in
          try await ask(known[number % known.count], Paths.recordings, 401)
        } _: { number in
          try await ask(unknown[number % unknown.count], Paths.recordings, 401)
        }
      }
      print("X5 over the socket\(isDefective ? " with the planted defect" : ""): \(found)")
      if isDefective {
        #expect(found.count == 3 && found.allSatisfy { $0.test.p < 1e-9 })
      } else {
        #expect(found.last?.isAlike == true)
      }
    }
  }

  private static func withAnotherSecret(_ text: String) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    return text.dropLast(43) + String((0..<43).map { _ in letters.randomElement() ?? "A" })
  }

  /// X1: another tenant's recording and one that is not there.
  @Test(.timeLimit(.minutes(10)))
  func aForeignRecordingTakesAsLongAsNone() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let (owner, stranger) = (stage.client(.admin), stage.client(.adminOfB))
      var foreign: [String] = []
      var nothing: [String] = []
      for _ in 0..<16 {
        let id = try await owner.startRecording()
        foreign.append(Paths.recording(id))
        // As if it had been made at the same time: of the same form, with the same time in front.
        let other = String(UUID().uuidString.lowercased().suffix(17))
        nothing.append(Paths.recording(String(id.prefix(19)) + other))
        let event = #"{"event_type":"step","event_data":{"n":1}}"#
        _ = try await owner.send(.post, Paths.recording(id, "event"), json: event)
      }
      let found = try await TimingComparison.repeatedly {
        try await TimingComparison.measure { number in
          try await ask(stranger, foreign[number % foreign.count], 404)
        } _: { number in
          try await ask(stranger, nothing[number % nothing.count], 404)
        }
      }
      print("X1, foreign and nonexistent recording: \(found)")
      #expect(found.last?.isAlike == true)
      // The harness finds that a recording of one's own is read: what it is there to find.
      let own = try await TimingComparison.repeatedly {
        try await TimingComparison.measure(count: 600) { number in
          try await ask(owner, foreign[number % foreign.count], 200)
        } _: { number in
          try await ask(owner, nothing[number % nothing.count], 404)
        }
      }
      print("X1, own and nonexistent recording: \(own)")
      #expect(own.count == 3 && own.allSatisfy { $0.test.p < 1e-6 })
    }
  }
}
