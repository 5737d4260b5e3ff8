// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOWebSocket
import Protection
import TestSupport
import Testing

/// How a WebSocket begins and ends, with clients that behave and those that don't.
@Suite(.serialized, .exclusive)
struct WebSocketTests {
  private func withStage(
    _ environment: [String: String] = [:],
    _ body: @Sendable (LiveStage) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService(environment) { service in
      try await body(try await LiveStage.make(service, in: deployment))
    }
  }

  private func status(_ settings: LiveClient.Settings) async throws -> (status: Int, head: String) {
    do {
      let client = try await LiveClient.connect(settings)
      await client.drop()
      return (101, "")
    } catch let refused as LiveClient.Refused {
      return (refused.status, refused.head)
    }
  }

  @Test func whoMayNotListenIsAnsweredInHTTP() async throws {
    try await withStage { stage in
      var settings = stage.settings("admin")
      settings.key = nil
      #expect(try await self.status(settings).status == 401)
      #expect(try await self.status(stage.settings("recorder")).status == 403)
      // The connection is no worse for an ordinary request on the same path.
      let plain = try await stage.client("admin").send(.get, Paths.socket)
      #expect(plain.status == 426 && plain.code == "upgrade_required")
      #expect(plain.headers["upgrade"] == ["websocket"])
      #expect(plain.headers["sec-websocket-version"] == ["13"])
      settings = stage.settings("admin")
      settings.path += "?unknown=1"
      #expect(try await self.status(settings).status == 422)
      let audit = try await stage.client("auditor").send(
        .get, "/api/governance/audit?action=watch_notices&outcome=refused")
      #expect(try audit.json.elements.count == 1)
    }
  }

  @Test func whatIsNoUpgradeIsNone() async throws {
    try await withStage { stage in
      let port = stage.service.settings.ports.main
      let fields = """
        Host: x\r\nAuthorization: Bearer \(stage.key("admin").text)\r\nConnection: Upgrade\r
        Upgrade: websocket\r\nSec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n
        """
      let cases = [
        ("GET \(Paths.socket) HTTP/1.0\r\n\(fields)\r\n", 426),
        ("HEAD \(Paths.socket) HTTP/1.1\r\n\(fields)\r\n", 426),
        ("GET \(Paths.socket) HTTP/1.1\r\n\(fields)Content-Length: 2\r\n\r\n{}", 400),
      ]
      for (request, status) in cases {
        let outcome = try await RawConnection.exchange(port: port, request)
        let answers = outcome.answers(toHead: request.hasPrefix("HEAD"))
        #expect(answers?.map(\.status) == [status], "\(request.prefix(40))")
      }
    }
  }

  @Test func pagesOfOthersMayNotConnect() async throws {
    try await withStage(["HANSARD_ALLOWED_ORIGINS": "https://console.example.com"]) { stage in
      let port = stage.service.settings.ports.main
      let cases = [
        ("https://console.example.com", 101), ("http://127.0.0.1:\(port)", 101),
        ("https://evil.example.com", 403), ("https://console.example.com.evil.com", 403),
        ("null", 403), ("http://127.0.0.1", 403),
      ]
      for (origin, expected) in cases {
        var settings = stage.settings("admin")
        settings.fields = ["Origin: \(origin)"]
        let status = try await self.status(settings).status
        #expect(status == expected, "\(origin)")
      }
      // Nobody who is unknown writes a line, and what a client calls its page is redacted.
      let token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
      for key in [nil, stage.key("admin").text] {
        var settings = stage.settings("admin")
        settings.key = key
        settings.fields = ["Origin: https://\(token).example.com"]
        #expect(try await status(settings).status == (key == nil ? 401 : 403))
      }
      let path = "/api/governance/audit?action=watch_notices&outcome=refused"
      let lines = Array(try await stage.client("admin").send(.get, path).json.elements)
      let pages = try lines.map { try $0["audit_metadata"]?["origin"]?.text() ?? "" }
      #expect(
        pages.count == 5
          && pages.dropFirst() == [
            "http://127.0.0.1", "null", "https://console.example.com.evil.com",
            "https://evil.example.com",
          ])
      #expect(pages.first?.contains("[REDACTED:github_token:") == true)
      let reasons = try Set(lines.map { try $0["refusal"]?.text() ?? "" })
      #expect(reasons == ["Pages of this origin may not connect."])
    }
  }

  @Test func noExtensionIsAgreedOn() async throws {
    try await withStage { stage in
      var settings = stage.settings("admin")
      settings.fields = [
        "Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Protocol: x",
      ]
      let client = try await LiveClient.connect(settings)
      _ = try await client.next()
      await client.write(.ping, [1, 2, 3])
      await client.write(.connectionClose, [0x03, 0xE8])
      #expect(try await client.closing() == 1000)
    }
  }

  /// What a client does, and the code that it is told.
  struct Misdeed: Sendable, CustomTestStringConvertible {
    let name: String
    let code: Int
    let commit: @Sendable (LiveClient) async -> Void

    var testDescription: String { name }
  }

  static let misdeeds = [
    Misdeed(name: "a frame that is not masked", code: 1002) {
      await $0.write(.text, Array("{}".utf8), masked: false)
    },
    Misdeed(name: "bytes", code: 1003) { await $0.write(.binary, [0]) },
    Misdeed(name: "text that is not UTF-8", code: 1007) { await $0.write(.text, [0xC3, 0x28]) },
    Misdeed(name: "a continuation of nothing", code: 1002) { await $0.write(.continuation, [0]) },
    Misdeed(name: "a message inside a message", code: 1002) {
      await $0.write(.text, [0x7B], isLast: false)
      await $0.write(.text, [0x7D])
    },
    Misdeed(name: "a frame that is too large", code: 1009) {
      await $0.write(.text, [UInt8](repeating: 0x20, count: 5000))
    },
    Misdeed(name: "a message that is too large", code: 1009) {
      for opcode: WebSocketOpcode in [.text, .continuation, .continuation] {
        await $0.write(opcode, [UInt8](repeating: 0x20, count: 2000), isLast: false)
      }
    },
    Misdeed(name: "pings without end", code: 1008) {
      for _ in 0..<600 { await $0.write(.ping, []) }
    },
    Misdeed(name: "messages without end", code: 1008) {
      for _ in 0..<600 { await $0.send("{}") }
    },
  ]

  @Test(arguments: misdeeds)
  func misdeedsEndTheConnection(_ misdeed: Misdeed) async throws {
    try await withStage { stage in
      let (client, _) = try await stage.listen("admin")
      let (other, _) = try await stage.listen("admin")
      await misdeed.commit(client)
      #expect(try await client.closing() == misdeed.code)
      // Nobody else notices.
      let id = try await stage.client("recorder").startRecording()
      #expect(try await other.next().data["recording_id"]?.text() == id)
      await other.drop()
    }
  }

  @Test func aRevokedKeyEndsItsConnectionsOnEveryInstance() async throws {
    try await LiveStage.expectRevocationEnds { stage, name in try await stage.listen(name).client }
  }

  @Test func aServiceThatStopsSaysSo() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let (client, _) = try await stage.listen("admin")
      let clock = ContinuousClock()
      let begin = clock.now
      async let status = service.stop()
      #expect(try await client.closing() == 1001)
      _ = try await status
      #expect(begin.duration(to: clock.now) < .seconds(9))
    }
  }
}
