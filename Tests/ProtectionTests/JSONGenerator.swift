// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// Makes random documents: valid ones, and ones with something broken.
struct JSONGenerator {
  var random: SeededGenerator

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  /// A document by the grammar. Keys of an object differ except where `repeatsKeys`.
  mutating func document(repeatsKeys: Bool = false) -> [UInt8] {
    var text = space()
    value(depth: 0, repeatsKeys: repeatsKeys, into: &text)
    return Array((text + space()).utf8)
  }

  /// A document with one to three changes to its bytes; some are still valid.
  mutating func mutatedDocument() -> [UInt8] {
    var bytes = document(repeatsKeys: random.chance(1, in: 4))
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      mutate(&bytes)
    }
    return bytes
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 0...4, using: &random))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.removeSubrange(place...)
    case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 3: bytes.insert(contentsOf: pick(Self.fragments), at: place)
    case 4: bytes.replaceSubrange(place..<end, with: pick(Self.fragments))
    default:
      guard place < bytes.count else { return }
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    }
  }

  private mutating func value(depth: Int, repeatsKeys: Bool, into text: inout String) {
    switch Int.random(in: 0..<(depth < 5 ? 8 : 5), using: &random) {
    case 0: text += pick(["true", "false", "null"])
    case 1: text += number()
    case 2...4: text += string()
    case 5: array(depth: depth, repeatsKeys: repeatsKeys, into: &text)
    default: object(depth: depth, repeatsKeys: repeatsKeys, into: &text)
    }
  }

  private mutating func array(depth: Int, repeatsKeys: Bool, into text: inout String) {
    text += "[" + space()
    for index in 0..<Int.random(in: 0...4, using: &random) {
      if index > 0 { text += "," + space() }
      value(depth: depth + 1, repeatsKeys: repeatsKeys, into: &text)
      text += space()
    }
    text += "]"
  }

  private mutating func object(depth: Int, repeatsKeys: Bool, into text: inout String) {
    text += "{" + space()
    for index in 0..<Int.random(in: 0...(random.chance(1, in: 10) ? 20 : 4), using: &random) {
      if index > 0 { text += "," + space() }
      // The number is ASCII at the end of the key, hence enough to tell keys apart.
      let distinct = repeatsKeys && random.chance(1, in: 3) ? "" : "#\(index)"
      text += string().dropLast() + distinct + "\"" + space() + ":" + space()
      value(depth: depth + 1, repeatsKeys: repeatsKeys, into: &text)
      text += space()
    }
    text += "}"
  }

  private mutating func number() -> String {
    var text = random.chance(1, in: 3) ? "-" : ""
    text += pick(["0", "1", "10", "907", "9007199254740993", "18446744073709551616"])
    if random.chance(1, in: 3) {
      text += pick([".0", ".5", ".10", ".000001", ".99999999999999999"])
    }
    if random.chance(1, in: 3) { text += pick(["e0", "E+2", "e-7", "e400", "E-999999"]) }
    return text
  }

  private mutating func string() -> String {
    var text = "\""
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      text += pick(Self.pieces)
    }
    return text + "\""
  }

  private mutating func space() -> String {
    random.chance(3, in: 4) ? "" : pick([" ", "\n", "\t", "\r\n", "    "])
  }

  private mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: choices.indices, using: &random)]
  }

  private static let pieces = [
    "a", "b", "key", "a longer run of plain text", " ", "é", "e\u{301}", "€", "日本", "𝄞",
    "\u{7F}", "\u{2028}", "\u{FFFF}", "\u{10FFFF}", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\b\f\r\t"#,
    #"\u0061"#, #"\u00E9"#, #"\u20ac"#, #"\ud834\udd1e"#, #"\u0000"#, #"\u001f"#, #"\uFFFE"#,
  ]

  private static let fragments: [[UInt8]] =
    [
      ",", ":", "\"", "\\", "[", "]", "{", "}", "0", "-", "+", ".", "e", "01", "1.", "NaN",
      "Infinity", "-Infinity", "tru", "'", "//", "/**/", "\u{0}", "\u{1F}", "\u{A0}", "\u{FEFF}",
      "\u{2028}", "\u{B}", "\u{C}", #"\u"#, #"\u12"#, #"\uD800"#, #"\udc00"#, #"\x41"#, #"\u0000"#,
      "[]", "{}", #""a":1,"a":2"#, #""":"","#, " ", "\r\n",
    ].map { Array($0.utf8) }
    + [
      [0x80], [0xC0, 0xAF], [0xC2], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
    ]
}

/// A reading of a document that two parsers can be compared by: kinds, order, decoded strings
/// with their lengths, numbers as written.
enum JSONReading {
  static func of(_ document: JSONDocument) -> [UInt8] {
    var reading: [UInt8] = []
    append(document.root, to: &reading)
    return reading
  }

  private static func append(_ value: JSONValue, to reading: inout [UInt8]) {
    switch value.kind {
    case .null: reading += "n".utf8
    case .bool: reading += (value.bool() == true ? "t" : "f").utf8
    case .number: reading += "#".utf8 + value.rawBytes + ";".utf8
    case .string:
      let text = value.decodedBytes() ?? []
      reading += "s\(text.count):".utf8 + text
    case .array:
      reading += "[".utf8
      for element in value.elements { append(element, to: &reading) }
      reading += "]".utf8
    case .object:
      reading += "{".utf8
      for member in value.members {
        append(member.name, to: &reading)
        append(member.value, to: &reading)
      }
      reading += "}".utf8
    }
  }
}
