// Hansard
// SPDX-License-Identifier: Apache-2.0

extension BadInputs {
  /// Fields of the head.
  static let heads: [BadInput] =
    types.enumerated().map { index, type in
      BadInput("H001-\(index)", "a body of \(type)", .refused(415, "unsupported_media_type")) {
        $0.rightEvent.setting("Content-Type", type)
      }
    } + fields

  private static let types: [String] = [
    "text/plain", "application/xml", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=\(canary)", "application/json; charset=utf-16",
    "application/x-ndjson", "json", "*/*", "application/json, text/plain", "application/jsonx",
  ]

  private static let fields: [BadInput] = [
    BadInput("H001", "a body of no type", .refused(415, "unsupported_media_type")) {
      $0.rightEvent.setting("Content-Type", nil)
    },
    BadInput("H002", "a type in capitals with a charset", .stored(201)) {
      $0.rightEvent.setting("Content-Type", "Application/JSON;Charset=\"UTF-8\"")
    },
    BadInput("H003", "a compressed body", .refused(415, "unsupported_media_type")) {
      $0.rightEvent.adding("Content-Encoding", "gzip")
    },
    BadInput("H004", "a body compressed twice", .refused(415, "unsupported_media_type")) {
      $0.rightEvent.adding("Content-Encoding", "identity, br")
    },
    BadInput("H013", "a blank in a field's name", .refused(400)) {
      $0.rightEvent.adding("X Y", "1")
    },
    BadInput("H013a", "a NUL in a value", .refused(400)) {
      $0.rightEvent.adding("X-Y", "a\u{0}b")
    },
    BadInput("H013b", "a CR in a value", .refused(400)) {
      $0.rightEvent.adding("X-Y", "a\rb: c")
    },
    BadInput("H013c", "a blank before the colon", .refused(400)) {
      $0.rightEvent.adding("X-Y ", "1")
    },
    BadInput("H013d", "a folded line", .refused(400)) { $0.rightEvent.adding("X-Y", "1\r\n 2") },
    BadInput("H013e", "a field without a name", .refused(400)) { $0.rightEvent.adding("", "1") },
    BadInput("H014", "a head of more than 32 KiB", .refused([431, 400], [])) {
      $0.rightEvent.adding("X-Y", String(repeating: "v", count: 33_000))
    },
    BadInput("H014a", "101 fields", .refused([431, 400], [])) { ground in
      (0..<100).reduce(ground.rightEvent) { $0.adding("X-\($1)", "v") }
    },
    BadInput("H014b", "a target of more than 8 KiB", .refused([414, 431], [])) {
      $0.get("/" + String(repeating: "a", count: 8200))
    },
    BadInput("H015", "no Host", .refused(400, "malformed_request")) {
      $0.rightEvent.setting("Host", nil)
    },
    BadInput("H015a", "two Hosts", .refused(400)) { $0.rightEvent.adding("Host", "other") },
    BadInput("H015b", "a Host with a blank", .refused(400)) {
      $0.rightEvent.setting("Host", "a b")
    },
    BadInput("H015c", "an empty Host", .refused(400)) { $0.rightEvent.setting("Host", "") },
    BadInput("H015d", "a Host with a user", .refused(400)) {
      $0.rightEvent.setting("Host", "\(canary)@b")
    },
    BadInput("H017", "an expectation", .refused(417, "expectation_failed")) {
      $0.rightEvent.adding("Expect", "junk")
    },
    BadInput("H018", "the expectation there is", .stored(201)) {
      $0.rightEvent.adding("Expect", "100-continue")
    },
    BadInput("H023", "the peer's word on itself", .stored(201)) {
      $0.rightEvent.adding("X-Forwarded-For", "10.0.0.1").adding("X-Real-IP", "10.0.0.1")
        .adding("Forwarded", "for=10.0.0.1;host=\(canary)")
    },
    BadInput("H031", "HTTP/9.9", .refused([400, 505], [])) {
      $0.rightEvent.with(\.version, "HTTP/9.9")
    },
    BadInput("H031a", "HTTP/2.0", .refused([400, 505], [])) {
      $0.rightEvent.with(\.version, "HTTP/2.0")
    },
    BadInput("H031b", "no HTTP", .refused([400, 505], [])) {
      $0.rightEvent.with(\.version, "SIP/2.0")
    },
    BadInput("H031c", "HTTP/1.0", .stored(201)) { $0.rightEvent.with(\.version, "HTTP/1.0") },
    BadInput("H031d", "the preface of HTTP/2", .refused([400, 505], [])) {
      $0.get("*").with(\.method, "PRI").with(\.version, "HTTP/2.0").with(
        \.trailing, Array("SM\r\n\r\n".utf8))
    },
    BadInput("H033", "XML wanted", .refused(406, "not_acceptable")) {
      $0.get(Paths.recordings).adding("Accept", "application/xml")
    },
    BadInput("H034", "JSON unwanted", .refused(406, "not_acceptable")) {
      $0.get(Paths.recordings).adding("Accept", "application/json;q=0, */*;q=0.5")
    },
    BadInput("H034a", "anything wanted", .answered(200)) {
      $0.get(Paths.recordings).adding("Accept", "text/html, */*;q=0.1")
    },
    BadInput("H036", "a method that is no word", .refused([400, 405], [])) {
      $0.rightEvent.with(\.method, "PO ST")
    },
    BadInput("H038", "an upgrade", .stored(201)) {
      $0.rightEvent.adding("Connection", "Upgrade").adding("Upgrade", "websocket")
    },
  ]

  /// Lengths and chunks. What the two ends of a connection read differently is how requests are
  /// smuggled: one of two readings must never be guessed.
  static let framing: [BadInput] = [
    framed("H009", "two lengths", [("Content-Length", "41"), ("Content-Length", "40")]),
    framed("H009a", "a length with a plus", [("Content-Length", "+41")]),
    framed("H009b", "a hexadecimal length", [("Content-Length", "0x29")]),
    framed("H009c", "a list of lengths", [("Content-Length", "41,41")]),
    framed("H009d", "a negative length", [("Content-Length", "-1")]),
    framed("H009e", "a length beyond 64 bits", [("Content-Length", "18446744073709551616")]),
    framed("H009f", "an empty length", [("Content-Length", "")]),
    framed("H009g", "a length with a blank inside", [("Content-Length", "4 1")]),
    framed(
      "H010", "a length and chunks", [("Content-Length", "41"), ("Transfer-Encoding", "chunked")]),
    framed("H010a", "a coding there is not", [("Transfer-Encoding", "gzip, chunked")]),
    framed(
      "H010b", "chunked twice",
      [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")]),
    framed("H010c", "chunked and then something", [("Transfer-Encoding", "chunked, identity")]),
    framed("H010d", "chunked in a quoted way", [("Transfer-Encoding", "\"chunked\"")]),
    framed("H010e", "chunked with a tab", [("Transfer-Encoding", "\u{0b}chunked")]),
    chunked("H011", "a chunk of more than 64 bits", "ffffffffffffffffff\r\nx\r\n0\r\n\r\n"),
    chunked("H011a", "a negative chunk", "-1\r\nx\r\n0\r\n\r\n"),
    chunked("H011b", "a chunk's size that is none", "zz\r\nx\r\n0\r\n\r\n"),
    chunked("H011c", "a chunk longer than it says", "1\r\nxyz\r\n0\r\n\r\n"),
    chunked("H011d", "chunks without an end", "5\r\n{\"eve\r\n"),
    BadInput("H012", "chunks that are right", .stored(201)) {
      let body = BadInputGround.rightBody
      let half = body.utf8.count / 2
      let parts = [body.prefix(half), body.dropFirst(half)]
      let chunks = parts.map { String($0.utf8.count, radix: 16) + "\r\n\($0)\r\n" }.joined()
      return $0.event(Array((chunks + "0\r\nX-Trailer: 1\r\n\r\n").utf8))
        .adding("Transfer-Encoding", "chunked")
    },
    BadInput("H005", "more chunks than may be", .refused(413, "event_too_large")) {
      let chunk = "8000\r\n" + String(repeating: " ", count: 0x8000) + "\r\n"
      return $0.event(Array(String(repeating: chunk, count: 12).utf8))
        .adding("Transfer-Encoding", "chunked")
    },
    BadInput("H006", "a body cut short", .refused(400, "malformed_request")) {
      $0.rightEvent.with(\.contentLength, "100")
    },
    BadInput("H006a", "a length beyond the limit", .refused(413, "event_too_large")) {
      $0.rightEvent.with(\.contentLength, "9223372036854775807")
    },
  ]

  private static func framed(
    _ id: String, _ about: String, _ fields: [(String, String)]
  ) -> BadInput {
    BadInput(id, about, .refused(400)) { ground in
      let bare = ground.rightEvent.with(\.contentLength, "")
      return fields.reduce(bare) { $0.adding($1.0, $1.1) }
    }
  }

  private static func chunked(_ id: String, _ about: String, _ body: String) -> BadInput {
    BadInput(id, about, .refused(400)) {
      $0.event(Array(body.utf8)).adding("Transfer-Encoding", "chunked")
    }
  }
}
