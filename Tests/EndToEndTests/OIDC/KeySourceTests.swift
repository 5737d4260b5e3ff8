// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import OIDC

/// Where the keys of an issuer come from, and what is not taken for them.
@Suite struct KeySourceTests {
  private typealias Script = @Sendable (ScriptedServer.Request, Int) -> ScriptedServer.Reply

  private func answering(_ status: Int, _ text: String) -> Script {
    { _, _ in .answer(status, text) }
  }

  private func error(of source: KeySource) async -> KeySetError? {
    do throws(KeySetError) {
      _ = try await source.load()
      return nil
    } catch {
      return error
    }
  }

  @Test func comeFromAURL() async throws {
    let key = try SigningKey(.edDSA, id: "one")
    try await ScriptedServer.with(answering(200, "{\"keys\":[\(key.jwk())]}")) { server in
      let set = try await KeySource.url(server.url + "/keys?p=1").load()
      #expect(set.count == 1)
      #expect(server.requests.map(\.path) == ["/keys?p=1"])
      #expect(server.requests.map(\.method) == ["GET"])
    }
  }

  @Test func comeFromAFileAsItIsNow() async throws {
    let directory = try TemporaryDirectory.make("keys")
    defer { TemporaryDirectory.remove(directory) }
    let file = "\(directory)/jwks.json"
    #expect(await error(of: .file(file)) == .unreadable)
    for count in 0...2 {
      let keys = try (0..<count).map { try SigningKey(.es256, id: "\($0)").jwk() }
      try "{\"keys\":[\(keys.joined(separator: ","))]}"
        .write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try await KeySource.file(file).load().count == count)
    }
    #expect(await error(of: .file(directory)) == .unreadable)
    #expect(mkfifo("\(directory)/pipe", 0o600) == 0)
    #expect(await error(of: .file("\(directory)/pipe")) == .unreadable)
    try Data(count: IssuerKeySet.maximumBytes + 2).write(to: URL(fileURLWithPath: file))
    #expect(await error(of: .file(file)) == .tooLarge)
  }

  @Test(arguments: [(404, KeySetError.status(404)), (302, .status(302)), (503, .status(503))])
  func anyOtherStatusIsAFailure(_ status: Int, _ expected: KeySetError) async throws {
    try await ScriptedServer.with(answering(status, "{\"keys\":[]}")) { server in
      #expect(await error(of: .url(server.url)) == expected)
      #expect(server.requests.count == 1)
    }
  }

  @Test func anAnswerIsBounded() async throws {
    let long = String(repeating: " ", count: IssuerKeySet.maximumBytes + 1)
    try await ScriptedServer.with(answering(200, long)) { server in
      #expect(await error(of: .url(server.url)) == .tooLarge)
    }
    try await ScriptedServer.with(answering(200, "<html>")) { server in
      #expect(await error(of: .url(server.url)) == .malformed)
    }
  }

  @Test func nobodyThereIsAFailure() async throws {
    let silent: Script = { _, _ in .hangUp }
    try await ScriptedServer.with(silent) { server in
      #expect(await error(of: .url(server.url)) == .unreachable)
    }
    let port = try Ports.free().main
    #expect(await error(of: .url("http://127.0.0.1:\(port)/")) == .unreachable)
    #expect(await error(of: .url("http://")) == .unreachable)
  }
}
