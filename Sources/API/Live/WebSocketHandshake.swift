// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// A request to go on as a WebSocket (RFC 6455, section 4.2.1).
struct WebSocketHandshake: Sendable {
  private let key: String
  /// The page that asks, where it may not.
  let foreignOrigin: String?
  /// Whether the client offers our protocol, and is told that it is spoken.
  private let offersProtocol: Bool

  /// Reads the head of a request.
  ///
  /// - Parameter origins: Whose pages may open one, such as `https://console.example.com`; pages of
  ///   the service's own host always may.
  /// - Throws: `upgradeRequired` where it is an ordinary request, or asks for another version.
  init(_ head: HTTPRequest, origins: [String]) throws(Problem) {
    let fields = head.headerFields
    guard !head.hasBody else {
      throw Problem(.malformedRequest, "A WebSocket begins with a GET without a body.")
    }
    guard head.method == .get, fields.words(of: .upgrade).contains("websocket"),
      fields.words(of: .connection).contains("upgrade"),
      fields[values: .secWebSocketVersion] == ["13"]
    else {
      throw Problem(.upgradeRequired, "This is a WebSocket of version 13.")
    }
    let keys = fields[values: .secWebSocketKey]
    guard let key = keys.first, keys.count == 1, Self.isKey(key) else {
      throw Problem(.malformedRequest, "The Sec-WebSocket-Key is not 16 bytes in base64.")
    }
    // Browsers always say on whose behalf they come, and send credentials for anybody.
    let sources = fields[values: .origin]
    let isAllowed =
      sources.count <= 1
      && sources.allSatisfy { origins.contains($0) || Self.isOwn($0, head.authority) }
    foreignOrigin = isAllowed ? nil : sources.joined(separator: ", ")
    self.key = key
    offersProtocol = WebSocketProtocols(fields).offersOurs
  }

  /// What is answered to be understood.
  func responseFields(on channel: any Channel) -> EventLoopFuture<HTTPHeaders> {
    // Never a ticket, which is offered as a protocol too.
    let agreed: HTTPHeaders =
      offersProtocol ? ["Sec-WebSocket-Protocol": WebSocketProtocols.ours] : [:]
    let upgrader = NIOWebSocketServerUpgrader(
      automaticErrorHandling: false,
      shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(agreed) },
      upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
    let head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: "/",
      headers: ["Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"])
    return upgrader.buildUpgradeResponse(
      channel: channel, upgradeRequest: head, initialResponseHeaders: HTTPHeaders())
  }

  private static func isKey(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 24, bytes[22...].allSatisfy({ $0 == UInt8(ascii: "=") }) else {
      return false
    }
    return bytes[..<22].allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"): true
      default: false
      }
    }
  }

  private static func isOwn(_ origin: String, _ host: String?) -> Bool {
    guard let host else { return false }
    return ["http://", "https://"].contains { Array("\($0)\(host)".utf8) == Array(origin.utf8) }
  }
}

extension HTTPRequest {
  fileprivate var hasBody: Bool {
    headerFields[.transferEncoding] != nil
      || headerFields[values: .contentLength].contains { $0 != "0" }
  }
}

extension HTTPFields {
  /// The comma-separated words of a field, in lower case.
  fileprivate func words(of name: HTTPField.Name) -> [String] {
    self[values: name].flatMap { $0.split(separator: ",") }.map {
      $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ").lowercased()
    }
  }
}
