// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The tables of bad inputs.
enum BadInputs {
  static let all = json + values + batches + queries + heads + framing + access + texts + redaction
}

extension BadInputs {
  private static let rightBytes = Array(BadInputGround.rightBody.utf8)

  /// JSON: syntax, encoding, limits.
  static let json: [BadInput] = [
    .event("J001", "empty body", "", .malformed),
    .event("J002", "white space only", " \n\t ", .malformed),
    .event("J003", "an open brace", "{", .malformed),
    .event("J004", "a closing bracket", "]", .malformed),
    .event("J005", "two documents", BadInputGround.rightBody + "{}", .malformed),
    .event("J006", "something behind", BadInputGround.rightBody + " \(canary)", .malformed),
    .event(
      "J007", "a comma behind the last member", #"{"event_type":"a","event_data":1,}"#, .malformed),
    .data("J008", "a comma behind the last element", "[1,]", .malformed),
    .event("J009", "single quotes", "{'event_type':'a','event_data':1}", .malformed),
    .data("J010", "a comment", "/* \(canary) */ 1", .malformed),
    .event("J011", "a byte order mark", [0xEF, 0xBB, 0xBF] + rightBytes, .malformed),
    .event(
      "J012", "UTF-16",
      BadInputGround.rightBody.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] },
      .malformed),
    .event("J013", "UTF-32", rightBytes.flatMap { [0, 0, 0, $0] }, .malformed),
    .event("J014", "UTF-32, the other end", rightBytes.flatMap { [$0, 0, 0, 0] }, .malformed),
    .event(
      "J015", "an overlong slash", inData([0x22, 0xC0, 0xAF, 0x22]), .refused(400, "invalid_utf8")),
    .event(
      "J016", "a surrogate in UTF-8", inData([0x22, 0xED, 0xA0, 0x80, 0x22]),
      .refused(400, "invalid_utf8")),
    .event(
      "J017", "cut within a character",
      Array(#"{"event_type":"a","event_data":""#.utf8) + [0xE2, 0x82],
      .refused(400, "invalid_utf8")),
    .event(
      "J018", "beyond Unicode", inData([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22]),
      .refused(400, "invalid_utf8")),
    .data("J019", "half a surrogate pair", #""\ud800""#, .refused(422, "lone_surrogate")),
    .data("J020", "half of one before a text", #""\ud83dx""#, .refused(422, "lone_surrogate")),
    .data(
      "J021", "a pair the wrong way round", #""\udc00\ud800""#, .refused(422, "lone_surrogate")),
    .data("J022", "a whole pair", #""\ud83d\ude00""#, .stored(201), keeps: #""\ud83d\ude00""#),
    .data("J023", "an escaped NUL", #""\u0000""#, .stored(201), keeps: #""\u0000""#),
    .event(
      "J024", "an escaped NUL in the type", #"{"event_type":"a\u0000","event_data":1}"#,
      .refused(422, "nul_character", "bad_event_type")),
    .event("J025", "a NUL as it is", inData([0x22, 0, 0x22]), .malformed),
    .event("J026", "a line feed as it is", inData([0x22, 0x0A, 0x22]), .malformed),
    .event(
      "J027", "a key twice", #"{"event_type":"a","event_type":"b","event_data":{}}"#,
      .refused(422, "duplicate_key")),
    .data(
      "J028", "a key twice, deep down", #"[{"x":{"k":1,"k":1}}]"#, .refused(422, "duplicate_key")),
    .data(
      "J029", "a key twice, once escaped", #"{"a":1,"\u0061":2}"#, .refused(422, "duplicate_key")),
    .data(
      "J030", "keys that only look alike", "{\"\u{e9}\":1,\"e\u{301}\":2}", .stored(201),
      keeps: "{\"\u{e9}\":1,\"e\u{301}\":2}"),
    .data("J031a", "NaN", "NaN", .malformed),
    .data("J031b", "Infinity", "Infinity", .malformed),
    .data("J031c", "-Infinity", "-Infinity", .malformed),
    .data("J032", "numbers that are none", "[01]", .malformed),
    .data("J032a", "a plus", "+1", .malformed),
    .data("J032b", "a lone minus", "-", .malformed),
    .data("J032c", "a dot without digits", "1.", .malformed),
    .data("J032d", "hexadecimal", "0x10", .malformed),
    .data("J033", "beyond a double", "1e400", .stored(201), keeps: "1e400"),
    .data("J034", "below a double", "1e-400", .stored(201), keeps: "1e-400"),
    .data(
      "J035", "numbers as written", "[-0,1.10,9007199254740993,18446744073709551616]", .stored(201),
      keeps: "[-0,1.10,9007199254740993,18446744073709551616]"),
    .data(
      "J036", "a number of 1025 digits", String(repeating: "9", count: 1025),
      .refused(422, "number_too_long")),
    .data(
      "J037", "a megabyte of digits", String(repeating: "9", count: 1 << 20),
      .refused([413, 422], [])),
    .data("J038", "depth 64", nested(64), .stored(201), keeps: nested(64)),
    .data("J039", "depth 65", nested(65), .refused(422, "too_deep")),
    .data(
      "J040", "depth 100,000", String(repeating: "[", count: 100_000), .refused(422, "too_deep")),
    .data(
      "J041", "depth 1,000,000", String(repeating: #"{"a":"#, count: 1_000_000),
      .refused([413, 422], [])),
    .data("J043", "20,000 keys", keys(20_000), .refused(422, "too_many_keys")),
    .data(
      "J044", "a long key", #"{"\#(String(repeating: "k", count: 131_073))":1}"#,
      .refused(422, "string_too_long")),
    .data(
      "J045", "a string of 128 KiB and a byte", "\"\(String(repeating: "s", count: 131_073))\"",
      .refused(422, "string_too_long")),
    .data(
      "J046", "an event of 256 KiB and a byte", large(262_145), .refused(413, "event_too_large")),
    .data("J046a", "an event of 256 KiB", large(262_144), .stored(201)),
    .data("J047", "an empty key", #"{"":1}"#, .stored(201), keeps: #"{"":1}"#),
    .data("J049a", "an escape that is none", #""\x41""#, .malformed),
    .data("J049b", "an escape cut short", #""\u12""#, .malformed),
    .data("J049c", "an escape with a letter", #""\u12G4""#, .malformed),
    .data("J050", "words in capitals", "[TRUE]", .malformed),
  ]

  private static func inData(_ bytes: [UInt8]) -> [UInt8] {
    Array(#"{"event_type":"step","event_data":"#.utf8) + bytes + Array("}".utf8)
  }

  private static func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }

  private static func keys(_ count: Int) -> String {
    "{" + (0..<count).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
  }

  /// Data that make the whole event `size` bytes long.
  private static func large(_ size: Int) -> String {
    let frame = #"{"event_type":"step","event_data":["",""]}"#.utf8.count
    let half = (size - frame) / 2
    let rest = size - frame - half
    return "[\"\(String(repeating: "l", count: half))\",\"\(String(repeating: "l", count: rest))\"]"
  }
}
