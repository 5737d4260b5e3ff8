// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

/// A document that must be refused; `id` is its line in the corpus of bad inputs.
struct JSONRefusal: Sendable, CustomTestStringConvertible {
  let id: String
  let bytes: [UInt8]
  let code: JSONError.Code
  let offset: Int?
  let pointer: String?

  init(
    _ id: String, _ bytes: [UInt8], _ code: JSONError.Code, at offset: Int? = nil,
    _ pointer: String? = nil
  ) {
    (self.id, self.bytes, self.code, self.offset, self.pointer) =
      (id, bytes, code, offset, pointer)
  }

  init(
    _ id: String, _ text: String, _ code: JSONError.Code, at offset: Int? = nil,
    _ pointer: String? = nil
  ) {
    self.init(id, Array(text.utf8), code, at: offset, pointer)
  }

  var testDescription: String { "\(id) \(code)" }
}

@Suite("JSONDocument refusals")
struct JSONRefusalTests {
  @Test(arguments: corpus + encodings + places)
  func refusesWithCodeOffsetAndPointer(_ refusal: JSONRefusal) {
    let error = JSONError.thrown(by: refusal.bytes)
    #expect(error?.code == refusal.code)
    if let offset = refusal.offset { #expect(error?.offset == offset) }
    if let pointer = refusal.pointer { #expect(error?.pointer == pointer) }
  }

  private static let corpus: [JSONRefusal] = [
    .init("J001", "", .malformed, at: 0, ""),
    .init("J001", " \n", .malformed, at: 2, ""),
    .init("J003", "{", .malformed, at: 1, ""),
    .init("J005", "{}{}", .malformed, at: 2, ""),
    .init("J005", "1 2", .malformed, at: 2),
    .init("J007", #"{"a":1,}"#, .malformed, at: 7, ""),
    .init("J007", #"{"a":[1,]}"#, .malformed, at: 8, "/a/1"),
    .init("J009", "{'a':1}", .malformed, at: 1),
    .init("J011", [0xEF, 0xBB, 0xBF, 0x7B, 0x7D], .malformed, at: 0),
    .init("J019", #"{"a":["\ud800"]}"#, .loneSurrogate, at: 7, "/a/0"),
    .init("J021", #"{"a":"\udc00\ud800"}"#, .loneSurrogate, at: 6, "/a"),
    .init("J025", [0x5B, 0x22, 0x61, 0x00, 0x22, 0x5D], .malformed, at: 3, "/0"),
    .init("J027", #"{"type":"a","type":"b","data":{}}"#, .duplicateKey, at: 12, "/type"),
    .init("J029", #"{"a":1,"\u0061":2}"#, .duplicateKey, at: 7, "/a"),
    .init("J031", #"{"a":NaN}"#, .malformed, at: 5, "/a"),
    .init("J031", "[Infinity]", .malformed, at: 1),
    .init("J031", "[-Infinity]", .malformed, at: 2),
    .init("J037", String(repeating: "7", count: 1 << 20), .numberTooLong, at: 0, ""),
    .init("J039", String(repeating: "[", count: 65), .tooDeep, at: 64),
    .init("J041", String(repeating: #"{"a":"#, count: 1_000_000), .tooDeep, at: 320),
    .init(
      "J043", "{" + (0..<100_000).map { #""\#($0)":0"# }.joined(separator: ",") + "}",
      .tooManyKeys, at: nil, ""),
    .init(
      "J045", #"{"a":""# + String(repeating: "x", count: 131_073) + #""}"#, .stringTooLong,
      at: 5, "/a"),
    .init("J049", #"["\x"]"#, .malformed, at: 2, "/0"),
    .init("J049", #"["\u12"]"#, .malformed, at: 2, "/0"),
    .init("J049", #"["\u12G4"]"#, .malformed, at: 2, "/0"),
  ]

  private static let encodings: [JSONRefusal] = [
    // J013: `{}` in UTF-32 and UTF-16, both orders, with and without a mark.
    .init("J013", [0x7B, 0, 0, 0, 0x7D, 0, 0, 0], .malformed, at: 1),
    .init("J013", [0, 0, 0, 0x7B, 0, 0, 0, 0x7D], .malformed, at: 0),
    .init("J013", [0xFF, 0xFE, 0, 0, 0x7B, 0, 0, 0], .malformed, at: 0),
    .init("J013", [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x7B], .malformed, at: 0),
    .init("J013", [0xFF, 0xFE, 0x7B, 0, 0x7D, 0], .malformed, at: 0),
    .init("J013", [0xFE, 0xFF, 0, 0x7B, 0, 0x7D], .malformed, at: 0),
    .init("J015", [0x5B, 0x22, 0xC0, 0xAF, 0x22, 0x5D], .invalidUTF8, at: 2, "/0"),
    .init("J015", [0x5B, 0xC0, 0xAF, 0x5D], .invalidUTF8, at: 1),
    .init("J015", [0x22, 0xE0, 0x80, 0xAF, 0x22], .invalidUTF8, at: 1),
    .init("J015", [0x22, 0xF0, 0x80, 0x80, 0xAF, 0x22], .invalidUTF8, at: 1),
    .init("J017", [0x22, 0xE2, 0x82], .invalidUTF8, at: 1),
    .init("J017", [0x7B, 0x7D, 0xE2, 0x82], .invalidUTF8, at: 2),
    .init("J017", [0x22, 0xF0, 0x9F, 0x98], .invalidUTF8, at: 1),
    .init("surrogate", [0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, at: 1),
    .init("above U+10FFFF", [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8, at: 1),
    .init("no-break space outside", "[\u{A0}]", .malformed, at: 1),
  ]

  private static let places: [JSONRefusal] = [
    .init("colon missing", #"{"a" 1}"#, .malformed, at: 5, ""),
    .init("value missing", #"{"x":{"a":}}"#, .malformed, at: 10, "/x/a"),
    .init("comma missing", #"[[],{"k":[1 2]}]"#, .malformed, at: 12, "/1/k"),
    .init("wrong bracket", #"[{"k":[1}]"#, .malformed, at: 8, "/0/k"),
    .init("key is a number", #"{"k":{1:2}}"#, .malformed, at: 6, "/k"),
    .init("key is cut off", #"{"k":{"a"#, .malformed, at: 8, "/k"),
    .init("surrogate in a key", #"[{"\ud800":1}]"#, .loneSurrogate, at: 3, "/0"),
    .init("third element", #"[[1,2],[3],[4,{"a":[x]}]]"#, .malformed, at: 20, "/2/1/a/0"),
    .init("escaped pointer", #"{"a/b":{"~":{"\u0063":tru}}}"#, .malformed, at: 25, "/a~1b/~0/c"),
    .init("inner duplicate", #"{"o":[{"k":1},{"k":1,"k":2}]}"#, .duplicateKey, at: 21, "/o/1/k"),
    .init("leading zero", "[01]", .malformed, at: 2),
    .init("plus sign", "[+1]", .malformed, at: 1),
    .init("bare point", "[.5]", .malformed, at: 1),
    .init("no digit after point", "[1.]", .malformed, at: 3),
    .init("no digit after exponent", "[1e+]", .malformed, at: 4),
    .init("two signs", "[1e+-1]", .malformed, at: 4),
    .init("hexadecimal", "[0x1]", .malformed, at: 2),
    .init("literal in capitals", "[True]", .malformed, at: 1),
    .init("literal cut off", "nul", .malformed, at: 3),
    .init("comment", "[1/**/]", .malformed, at: 2),
    .init("form feed", "[\u{C}]", .malformed, at: 1),
    .init("backslash at the end", #""\"#, .malformed, at: 2),
    .init("control character", "\"\u{1F}\"", .malformed, at: 1),
  ]

  @Test func namesAnAncestorWhereThePointerWouldBeLong() {
    let long = String(repeating: "k", count: 1000)
    let text = #"{"a":{"\#(long)":{"\#(long)":[x]}}}"#
    #expect(JSONError.thrown(by: text)?.pointer == "/a/" + long)
  }

  @Test func showsNoBytesOfTheDocumentInItsDescription() throws {
    let error = try #require(JSONError.thrown(by: #"{"secret":1,"secret":"secret"}"#))
    #expect(error.pointer == "/secret")
    #expect("\(error)" == "duplicateKey at byte 12")
  }
}
