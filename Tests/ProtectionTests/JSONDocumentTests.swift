// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import Testing

@Suite("JSONDocument")
struct JSONDocumentTests {
  private func parse(_ text: String) throws -> JSONDocument {
    try JSONDocument(parsing: Array(text.utf8))
  }

  private func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
  }

  @Test func handsOutValuesAsTheBytesThatCame() throws {
    let source = #" { "b" : [ 1.10, -0 ,1e400], "a":{ "x" : "\u0041" } , "c" : null } "#
    let document = try parse(source)
    #expect(document.bytes == Array(source.utf8))
    #expect(document.root.span == 1..<source.utf8.count - 1)
    #expect(try text(#require(document.root["b"]).rawBytes) == "[ 1.10, -0 ,1e400]")
    #expect(try text(#require(document.root["a"]).rawBytes) == #"{ "x" : "\u0041" }"#)
    #expect(document.root.members.map(\.key) == ["b", "a", "c"])
    #expect(
      try #require(document.root["b"]).elements.map { text($0.rawBytes) }
        == ["1.10", "-0", "1e400"])
  }

  @Test func keepsDigitsThatNoMachineNumberHolds() throws {
    for number in ["1e400", "-0", "1.10", "9007199254740993", "18446744073709551616", "1E-999"] {
      #expect(text(try parse(number).root.rawBytes) == number)
      #expect(
        text(try #require(try parse("[\(number)]").root.elements.first { _ in true }).rawBytes)
          == number)
    }
  }

  @Test func knowsEveryKind() throws {
    let root = try parse(#"[{},[],"",0,true,false,null]"#).root
    #expect(root.kind == .array)
    #expect(
      root.elements.map(\.kind) == [.object, .array, .string, .number, .bool, .bool, .null])
    #expect(root.elements.map { $0.bool() } == [nil, nil, nil, nil, true, false, nil])
    #expect(root.elements.map(\.isNull) == [false, false, false, false, false, false, true])
    #expect(root.elements.count == 7)
    #expect(root.members.count == 0)
    #expect(root["x"] == nil)
    #expect(root.elements.allSatisfy { $0.elements.count == 0 && $0.members.count == 0 })
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("7", 7), ("-12", -12), ("9223372036854775807", Int64.max),
      ("-9223372036854775808", Int64.min), ("9223372036854775808", nil),
      ("-9223372036854775809", nil), ("99999999999999999999999999", nil), ("1.0", nil),
      ("1e2", nil), ("1E2", nil), ("-1.5", nil), ("true", nil), (#""1""#, nil), ("[1]", nil),
    ] as [(String, Int64?)])
  func readsIntegersExactlyOrNotAtAll(_ source: String, _ expected: Int64?) throws {
    #expect(try parse(source).root.integer() == expected)
  }

  @Test func readsDoublesWithinTheirRange() throws {
    #expect(try parse("1.5e3").root.double() == 1500)
    #expect(try parse("-0").root.double()?.sign == .minus)
    #expect(try parse("1e400").root.double() == nil)
    #expect(try parse("-1e400").root.double() == nil)
    #expect(try parse("1e-400").root.double() == 0)
    #expect(try parse(#""1""#).root.double() == nil)
  }

  @Test(arguments: [
    (#""""#, ""), (#""plain""#, "plain"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u0041\u00e9\u20AC\uD834\udd1e""#, "Aé€𝄞"), (#""\uFFFF\uFFFE""#, "\u{FFFF}\u{FFFE}"),
    (#""é€𝄞 in between \n é""#, "é€𝄞 in between \n é"), (#""\ud7ff\ue000""#, "\u{D7FF}\u{E000}"),
    (#""\\u0041""#, #"\u0041"#), (#""a\u0009b""#, "a\tb"),
  ])
  func decodesEscapes(_ source: String, _ expected: String) throws {
    let value = try parse(source).root
    #expect(Array(try value.text().utf8) == Array(expected.utf8))
    #expect(value.isText(expected))
    #expect(value.decodedBytes().map(Array.init) == Array(expected.utf8))
  }

  @Test func refusesNulAsTextAndKeepsItAsBytes() throws {
    let document = try parse(#"{"id": ["ok", "a\u0000b"]}"#)
    let value = try #require(document.root["id"]?.elements.first { $0.isEscaped })
    #expect(text(value.rawBytes) == #""a\u0000b""#)
    #expect(value.decodedBytes().map(Array.init) == [0x61, 0, 0x62])
    let error = #expect(throws: JSONError.self) { try value.text() }
    #expect(error == JSONError(code: .nulCharacter, offset: 14, pointer: "/id/1"))
  }

  @Test func givesTextOfStringsOnly() throws {
    for source in ["1", "null", "{}", "[]", "true"] {
      let error = #expect(throws: JSONError.self) { try parse(source).root.text() }
      #expect(error?.code == .notAString)
      #expect(try parse(source).root.decodedBytes() == nil)
    }
  }

  @Test func findsMembersByBytesAfterDecoding() throws {
    let root = try parse(
      #"{"agent\u005fid": 1, "\u212A": 2, "": 3, "e\u0301": 4, "nested": {"x": 5}}"#
    ).root
    #expect(root["agent_id"]?.integer() == 1)
    #expect(root[""]?.integer() == 3)
    // Canonically equivalent, and `==` of String says so; the bytes differ.
    #expect("\u{212A}" == "K")
    #expect(root["K"] == nil)
    #expect(root["\u{E9}"] == nil)
    #expect(root["e\u{301}"]?.integer() == 4)
    #expect(root["x"] == nil)
    #expect(root["nested"]?["x"]?.integer() == 5)
    #expect(root["agent_i"] == nil)
    #expect(root["agent_idd"] == nil)
  }

  @Test func pointsToEveryValue() throws {
    let root = try parse(#"{"a":[0,{"b/c":1,"~":[[]]}],"":2,"d\u0065":3}"#).root
    let a = try #require(root["a"]).elements.map { $0 }
    #expect(root.pointer == "")
    #expect(root.members.map(\.value.pointer) == ["/a", "/", "/de"])
    #expect(root.members.map(\.name.pointer) == ["/a", "/", "/de"])
    #expect(a.map(\.pointer) == ["/a/0", "/a/1"])
    #expect(a[1].members.map(\.value.pointer) == ["/a/1/b~1c", "/a/1/~0"])
    #expect(a[1]["~"]?.elements.map(\.pointer) == ["/a/1/~0/0"])
  }
}
