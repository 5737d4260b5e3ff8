// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// Writes a parsed document again with ``JSONWriter``, numbers as they were.
enum JSONRewriting {
  static func rewrite(_ bytes: [UInt8]) throws -> [UInt8] {
    var writer = JSONWriter()
    write(try JSONDocument(parsing: bytes).root, to: &writer)
    #expect(writer.isComplete && !writer.isMisused)
    return writer.bytes
  }

  private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
    switch value.kind {
    case .null: writer.null()
    case .bool: writer.bool(value.bool())
    case .number: writer.raw(value.rawBytes)
    case .string: writer.string(String(decoding: value.decodedBytes() ?? [], as: UTF8.self))
    case .array:
      writer.array { writer in
        for element in value.elements { write(element, to: &writer) }
      }
    case .object:
      writer.object { writer in
        for member in value.members {
          writer.key(member.key)
          write(member.value, to: &writer)
        }
      }
    }
  }
}

@Suite("JSONWriter")
struct JSONWriterTests {
  private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    body(&writer)
    #expect(!writer.isMisused)
    #expect(writer.isComplete)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func putsCommasAndColonsWhereTheyBelong() {
    let text = written { writer in
      writer.object { writer in
        writer.key("a")
        writer.array { writer in
          writer.int(1)
          writer.array { _ in }
          writer.object { _ in }
          writer.string("x")
        }
        writer.key("b")
        writer.object { writer in
          writer.key("c")
          writer.null()
          writer.key("d")
          writer.bool(true)
        }
        writer.key("e")
        writer.raw(Array(#"{"kept" : 1.10}"#.utf8)[...])
      }
    }
    #expect(text == #"{"a":[1,[],{},"x"],"b":{"c":null,"d":true},"e":{"kept" : 1.10}}"#)
  }

  @Test func writesNullForWhatIsNotThere() {
    let text = written { writer in
      writer.array { writer in
        writer.string(nil)
        writer.int(Int?.none)
        writer.double(nil)
        writer.bool(nil)
        writer.uuid(nil)
        writer.double(.nan)
        writer.double(.infinity)
        writer.double(-.infinity)
      }
    }
    #expect(text == "[null,null,null,null,null,null,null,null]")
  }

  @Test func writesUUIDsInLowerCase() throws {
    let id = try #require(UUID(uuidString: "01890A5D-AC96-774B-BCCE-B302099A8057"))
    #expect(written { $0.uuid(id) } == #""01890a5d-ac96-774b-bcce-b302099a8057""#)
  }

  @Test func escapesWhatItMustAndNothingElse() {
    let text = "\"\\/\u{8}\u{9}\u{A}\u{C}\u{D}\u{0}\u{1F}\u{7F}<é𝄞\u{2028}\u{2029}e\u{301}\"\u{301}"
    let expected =
      #""\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7F}<é𝄞\u{2028}\u{2029}e\u{301}" + #"\""# + "\u{301}\""
    #expect(Array(written { $0.string(text) }.utf8) == Array(expected.utf8))
  }

  @Test func writesIntegersOfEveryWidth() throws {
    #expect(written { $0.int(Int64.min) } == "-9223372036854775808")
    #expect(written { $0.int(UInt64.max) } == "18446744073709551615")
    #expect(written { $0.int(Int8(-128)) } == "-128")
  }

  @Test func writesDoublesThatReadBackTheSame() throws {
    var random = SeededGenerator(seed: 4)
    let special: [Double] = [
      0, -0.0, 1, 0.1, 1e16, 1e-7, 1 / 3, .leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude,
    ]
    let patterns = (0..<2000).map { _ in Double(bitPattern: random.next()) }
    for value in special + patterns where value.isFinite {
      let bytes = Array(written { $0.double(value) }.utf8)
      let read = try #require(try JSONDocument(parsing: bytes).root.double())
      #expect(read.bitPattern == value.bitPattern)
    }
  }

  @Test func writesRandomStringsThatReadBackTheSame() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<1000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...40, using: &random) {
        let limit: UInt32 = [0x20, 0x80, 0x800, 0x11_0000].randomElement(using: &random) ?? 1
        if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) {
          text.append(scalar)
        }
      }
      let bytes = Array(
        written { writer in
          writer.object { writer in
            writer.key(String(text))
            writer.string(String(text))
          }
        }.utf8)
      let member = try #require(try JSONDocument(parsing: bytes).root.members.first { _ in true })
      #expect(Array(member.key.utf8) == Array(String(text).utf8))
      #expect(member.value.isText(String(text)))
    }
  }

  @Test func handsOutItsBytesInPieces() {
    var writer = JSONWriter(reservingCapacity: -1)
    var bytes: [UInt8] = []
    writer.beginArray()
    for number in 0..<3 {
      writer.int(number)
      bytes += writer.takeBytes()
    }
    writer.endArray()
    bytes += writer.takeBytes()
    #expect(String(decoding: bytes, as: UTF8.self) == "[0,1,2]")
    #expect(writer.isComplete)
  }

  @Test(arguments: [
    ("value without a key", #"{"a":1}"#), ("key in an array", "[1]"), ("key at the root", "7"),
    ("second root", "1"), ("wrong end", "[]"), ("end without beginning", "0"),
    ("key without a value", #"{"a":null,"b":null}"#), ("container without a key", "{}"),
  ])
  func mendsMisuse(_ misuse: String, _ expected: String) {
    var writer = JSONWriter()
    switch misuse {
    case "value without a key":
      writer.object {
        $0.string("x"); $0.key("a"); $0.int(1); $0.int(2)
      }
    case "key in an array":
      writer.array {
        $0.key("a"); $0.int(1)
      }
    case "key at the root": writer.key("a"); writer.int(7)
    case "second root": writer.int(1); writer.int(2); writer.array { $0.int(3) }
    case "wrong end": writer.beginArray(); writer.endObject(); writer.endArray()
    case "end without beginning": writer.endArray(); writer.endObject(); writer.int(0)
    case "key without a value":
      writer.object {
        $0.key("a"); $0.key("b")
      }
    default:
      writer.object {
        $0.array {
          $0.object {
            $0.key("a"); $0.int(1)
          }
        }
      }
    }
    #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    #expect(writer.isMisused)
    #expect(writer.isComplete)
  }

  @Test func staysWellFormedWhateverIsCalled() throws {
    var random = SeededGenerator(seed: 6)
    var complete = 0
    for _ in 0..<3000 {
      var writer = JSONWriter()
      for step in 0..<Int.random(in: 1...30, using: &random) {
        call(Int.random(in: 0..<12, using: &random), step, &writer)
      }
      for _ in 0..<40 {
        writer.endArray()
        writer.endObject()
      }
      guard writer.isComplete else {
        #expect(writer.bytes.isEmpty)
        continue
      }
      complete += 1
      #expect(JSONError.thrown(by: writer.bytes) == nil)
    }
    #expect(complete > 2000)
  }

  private func call(_ operation: Int, _ step: Int, _ writer: inout JSONWriter) {
    switch operation {
    case 0: writer.beginObject()
    case 1: writer.endObject()
    case 2: writer.beginArray()
    case 3: writer.endArray()
    // Different keys: whether a key repeats is the caller's affair.
    case 4...6: writer.key("k\(step)")
    case 7: writer.string("s")
    case 8: writer.int(step)
    case 9: writer.bool(false)
    case 10: writer.double(0.5)
    default: writer.null()
    }
  }
}
