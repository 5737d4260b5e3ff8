// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

@testable import hansard

/// What a stream of bytes is taken apart into, wherever it is cut.
struct ObjectSplitterTests {
  /// The pieces of a stream that comes in chunks, each in a line: an object with its place, or damage.
  static func pieces(_ chunks: [ArraySlice<UInt8>]) -> [String] {
    var splitter = ObjectSplitter()
    var pieces: [String] = []
    func drain() {
      while let piece = splitter.next() {
        switch piece {
        case .object(let document, let place):
          pieces.append("\(place): \(String(decoding: document.bytes, as: UTF8.self))")
        case .damage(let refusal): pieces.append("! \(refusal)")
        }
      }
    }
    for chunk in chunks {
      splitter.append(chunk)
      drain()
    }
    splitter.finish()
    drain()
    return pieces
  }

  static func pieces(_ text: String) -> [String] { pieces([Array(text.utf8)[...]]) }

  /// One kind of damage: `¦` in its bytes is where it should be told, and is not part of them.
  struct Damage: Sendable, CustomStringConvertible {
    var text: String
    var told: String

    init(_ text: String, _ told: String) {
      self.text = text
      self.told = told
    }

    var description: String { String(text.prefix(60)) }

    /// Its bytes, and the place of the mark behind `before`.
    func placed(behind before: [UInt8]) -> (bytes: [UInt8], place: FilePlace) {
      let parts = text.components(separatedBy: "¦").map { Array($0.utf8) }
      return (parts.flatMap(\.self), FilePlace().passing((before + parts[0])[...]))
    }
  }

  private static let cut = "ends in the middle"

  static let damages: [Damage] = [
    Damage(#"{"a": "x¦"#, cut), Damage(#"{"a":¦"#, cut), Damage(#"{"a": 1,¦"#, cut),
    Damage(#"{"a": [1,¦"#, cut), Damage("{¦", cut),
    Damage(#"{"a": tr¦"#, cut), Damage(#"{"a": "x\¦"#, cut), Damage(#"{"a": 1.¦"#, cut),
    Damage("{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]¦", cut),
    Damage(#"{"a": ¦NaN}"#, "(/a): is not JSON, which has no NaN and no Infinity"),
    Damage(#"{"a": -¦Infinity}"#, "(/a): is not JSON, which has no NaN and no Infinity"),
    Damage(
      "{\n  \"a\": ¦NaN,\n  \"b\": {\n    \"c\": 1\n  }\n}",
      "(/a): is not JSON, which has no NaN and no Infinity"),
    Damage(#"{"a": 1, ¦"a": 2}"#, "(/a): has the same key twice"),
    Damage(#"{"a": 1,¦}"#, "is not JSON"), Damage("{¦'a': 1}", "is not JSON"),
    Damage(#"{"a": [1¦}"#, "(/a): is not JSON"), Damage(#"{"a": 0¦1}"#, "is not JSON"),
    Damage(#"{"a" ¦"b"}"#, "is not JSON"), Damage(#"{"a": ¦True}"#, "(/a): is not JSON"),
    Damage(#"{"a": "¦\ud800"}"#, "(/a): holds half of a surrogate pair, which is no character"),
    Damage(#"{"a": "x"¦y", "b": 1}"#, "is not JSON"),
    Damage("{\"a\": \"x¦\ny\", \"b\": 1}", "(/a): is not JSON"),
    Damage("{\"a\": \"¦\u{1}\"}", "(/a): is not JSON"),
    Damage("¦ERROR it did not work", "is not an object of JSON"),
    Damage("¦[1, 2]", "is not an object of JSON"), Damage("¦null", "is not an object of JSON"),
    Damage("¦}", "is not an object of JSON"), Damage("¦\u{0}\u{0}", "is not an object of JSON"),
    Damage("¦\u{FEFF}", "is not an object of JSON"),
    Damage(
      #"{"a": \#(String(repeating: "[", count: 64))¦[0"#
        + String(repeating: "]", count: 65) + "}", "is nested too deeply for the service"),
    Damage(
      #"{"a": ¦\#(String(repeating: "9", count: 1025))}"#,
      "(/a): is a longer number than the service takes"),
    Damage(
      #"{"a": ¦"\#(String(repeating: "x", count: 131_073))"}"#,
      "(/a): is a longer string than the service takes"),
    Damage(
      #"¦{"a": [\#(String(repeating: "1, ", count: 400_000))1]}"#,
      "has no end within 1048576 bytes"),
  ]

  @Test(arguments: damages)
  func damageIsToldWithItsPlaceAndTheRestIsRead(damage: Damage) {
    let good = [#"{"n": 1}"#, #"{"n": 2, "s": "}{"}"#, "{\n  \"n\": 3\n}"]
    let before = Array("\(good[0])\n".utf8)
    let (bytes, place) = damage.placed(behind: before)
    let rest = FilePlace().passing((before + bytes + [0x0A])[...])
    let last = rest.passing(Array("\(good[1])\n".utf8)[...])
    let stream = before + bytes + Array("\n\(good[1])\n\(good[2])\n".utf8)
    let pieces = Self.pieces([stream[...]])
    let told = damage.told.hasPrefix("(") ? " \(damage.told)" : ": \(damage.told)"
    #expect(pieces.count == 4, "\(pieces.map { $0.prefix(100) })")
    #expect(pieces.first == "line 1, byte 0: \(good[0])")
    let found = pieces.dropFirst().first ?? ""
    #expect(found.hasPrefix("! \(place)"), "\(found.prefix(200)) at \(place)")
    #expect(found.hasSuffix(told), "\(found.suffix(200))")
    #expect(pieces.suffix(2) == ["\(rest): \(good[1])", "\(last): \(good[2])"])
    // Damage at the end of a file is told too.
    #expect(Self.pieces([(before + bytes)[...]]).count == 2)
  }

  @Test func bytesThatAreNoTextAreToldAtTheirPlace() {
    let bytes = Array("{\"a\": \"".utf8) + [0xFF] + Array("\"}\n{\"n\": 2}".utf8)
    #expect(
      Self.pieces([bytes[...]]) == [
        "! line 1, byte 7 (/a): is not UTF-8", "line 2, byte 11: {\"n\": 2}",
      ])
    let utf16: [UInt8] = [0xFF, 0xFE] + "{\"a\": 1}\n".utf8.flatMap { [$0, 0] }
    let pieces = Self.pieces([utf16[...]])
    #expect(pieces.first == "! line 1, byte 0: is not an object of JSON")
    #expect(pieces.allSatisfy { $0.hasPrefix("! ") })
  }

  @Test func objectsMayStandAnywhere() {
    let mark = "\u{FEFF}"
    #expect(
      Self.pieces("\(mark){}\r\n\r\n \t{\"a\": {\"b\": \"}\\\"{\"}}{\"c\": [\n{\n}\n,\n{}]}\n\n")
        == [
          "line 1, byte 3: {}", "line 3, byte 11: {\"a\": {\"b\": \"}\\\"{\"}}",
          "line 3, byte 31: {\"c\": [\n{\n}\n,\n{}]}",
        ])
    for nothing in ["", "\n", mark, " \r\n\t "] { #expect(Self.pieces(nothing) == []) }
    // Not a mark, but the beginning of one.
    let half: [UInt8] = [0xEF, 0xBB]
    #expect(Self.pieces([half[...]]) == ["! line 1, byte 0: is not an object of JSON"])
  }

  /// Also where the mark, an escape, a character or a line end is cut in two.
  @Test func cutsMakeNoDifference() {
    var streams = [
      "\u{FEFF}{\"a\": \"\\\"\\u00e9é😀\"}\r\n{\n  \"b\": [\n{\n}\n]\n}{}\n x {\"c\": NaN}\n{\"d\"",
      "{\"a\": \"x\n{\"b\": 1}\n{\"c\":\n{\"d\": 2}\n{\"e\": 3}\n",
    ]
    streams += Self.damages.map { $0.text.replacing("¦", with: "") + "\n{\"n\": 2}" }
      .filter { $0.utf8.count < 200 }
    for stream in streams {
      let bytes = Array(stream.utf8)
      let whole = Self.pieces([bytes[...]])
      for cut in bytes.indices {
        #expect(Self.pieces([bytes[..<cut], bytes[cut...]]) == whole, "\(cut) of \(stream)")
      }
      #expect(Self.pieces(bytes.map { [$0][...] }) == whole, "\(stream)")
    }
  }

  /// A line that begins with `{` inside an object makes it no other object.
  @Test func anyRandomObjectsComeOutWhole() {
    var random = SeededGenerator(seed: Effort.seed)
    for _ in 0..<300 {
      let objects = (0..<random.int(1..<20)).map { _ in Self.object(depth: 3, &random) }
      var stream: [UInt8] = []
      for object in objects {
        stream += Array(object.utf8) + Array(["", "\n", "\r\n", " \n\n"][random.int(0..<4)].utf8)
      }
      var chunks: [ArraySlice<UInt8>] = []
      var rest = stream[...]
      while !rest.isEmpty {
        let count = random.int(1..<40)
        chunks.append(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      let found = Self.pieces(chunks).map { $0.split(separator: ": ", maxSplits: 1).last ?? "" }
      #expect(found == objects.map { $0[...] })
    }
  }

  /// Every object that is whole comes out of a file in which every third one is damaged.
  @Test func randomDamageCostsNoOtherObject() {
    var random = SeededGenerator(seed: Effort.seed &+ 1)
    for _ in 0..<100 {
      var stream = ""
      var whole: [String] = []
      var damaged = 0
      for index in 0..<30 {
        if index % 3 == 2 {
          let text = Self.damages[random.int(0..<29)].text.replacing("¦", with: "")
          stream += text + "\n"
          damaged += 1
        } else {
          let text =
            "{\"n\": \(index), \"s\": \"\(String(repeating: "x", count: random.int(0..<90)))\"}"
          stream += text + "\n"
          whole.append(text)
        }
      }
      let pieces = Self.pieces(stream)
      let found = pieces.filter { !$0.hasPrefix("! ") }
        .map { String($0.split(separator: ": ", maxSplits: 1).last ?? "") }
      #expect(found == whole, "\(stream)")
      #expect(pieces.count - found.count == damaged, "\(stream)")
    }
  }

  /// A random object, on one line or over many, with braces where they do not count.
  private static func object(depth: Int, _ random: inout SeededGenerator) -> String {
    let line = ["", " ", "\n", "\n  ", "\r\n"][random.int(0..<5)]
    let members = (0..<random.int(0..<4)).map { "\"k\($0)\":\(line)\(value(depth, &random))" }
    return "{\(line)\(members.joined(separator: ",\(line)"))\(line)}"
  }

  private static func value(_ depth: Int, _ random: inout SeededGenerator) -> String {
    let scalars = ["1", "-0.5e3", "true", "null", #""}{""#, #""\"{\\""#, #""é\u007b""#, #"":, ""#]
    guard depth > 0 else { return scalars[random.int(0..<scalars.count)] }
    switch random.int(0..<4) {
    case 0: return object(depth: depth - 1, &random)
    case 1:
      let elements = (0..<random.int(0..<3)).map { _ in value(depth - 1, &random) }
      return "[\n\(elements.joined(separator: "\n,\n"))\n]"
    default: return scalars[random.int(0..<scalars.count)]
    }
  }

  /// Each object costs no more the more there are before it, also where each line is damaged.
  @Test func damageInEveryLineTakesTimeInProportion() {
    func time(_ lines: Int, _ line: String) -> Duration {
      let bytes = Array(String(repeating: line, count: lines).utf8)
      return ContinuousClock().measure {
        #expect(!Self.pieces([bytes[...]]).isEmpty)
      }
    }
    for line in ["{\"a\": \"x\n", "{\"a\":\n", "x\n"] {
      _ = time(200, line)
      let (short, long) = (time(500, line), time(16_000, line))
      #expect(long < short * 32 * 6 + .milliseconds(200), "\(line): \(short) and \(long)")
    }
  }
}
