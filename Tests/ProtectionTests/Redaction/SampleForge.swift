// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// Fills templates with random text, so that no secret ever stands in the repository.
///
/// A template is literal text with fields: `{class:20}` is 20 characters of a class of
/// ``alphabets``, `{class:3-9}` is 3 to 9 of them, and ``field(_:)`` lists the others. Braces
/// around anything else stay as they are.
struct SampleForge {
  var random: SeededGenerator

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  /// Seeded by a name, so that a sample does not change when others are added.
  init(name: String) {
    let hash = name.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    self.init(seed: hash)
  }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: choices.indices, using: &random)]
  }

  mutating func int(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }

  mutating func text(_ alphabet: [Character], _ count: Int) -> String {
    String((0..<count).map { _ in pick(alphabet) })
  }

  mutating func fill(_ template: String) -> String {
    var filled = ""
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "{") {
      filled += rest[..<open]
      rest = rest[rest.index(after: open)...]
      guard let close = rest.firstIndex(of: "}"), let text = field(rest[..<close]) else {
        filled += "{"
        continue
      }
      filled += text
      rest = rest[rest.index(after: close)...]
    }
    return filled + rest
  }

  /// The text for what stands between braces; nil if that is no field.
  private mutating func field(_ field: Substring) -> String? {
    let parts = field.split(separator: ":", maxSplits: 1)
    guard let name = parts.first.map(String.init) else { return nil }
    guard parts.count == 2, let count = count(parts[1]) else { return special(name) }
    switch name {
    case "int": return String(count)
    case "crc62": return checkedBase62(count)
    case "pem": return pemBody(lines: count)
    case "words": return (0..<count).map { _ in pick(Self.words) }.joined(separator: " ")
    default: return Self.alphabets[name].map { text($0, count) }
    }
  }

  /// A number, or one of a range.
  private mutating func count(_ text: Substring) -> Int? {
    let bounds = text.split(separator: "-").map { Int($0) }
    guard let low = bounds.first ?? nil, let high = bounds.last ?? nil, low <= high else {
      return nil
    }
    return int(low...high)
  }

  private mutating func special(_ name: String) -> String? {
    switch name {
    case "uuid": fill("{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}")
    case "UUID": fill("{hex:8}-{hex:4}-4{hex:3}-b{hex:3}-{hex:12}").uppercased()
    case "jwt": jwt()
    case "dash": String(repeating: "-", count: 5)
    case "word": pick(Self.words)
    case "Word": pick(Self.words).capitalized
    case "user": pick(Self.people)
    case "time": fill("2025-0{int:1-9}-1{int:0-9}T1{int:0-9}:2{int:0-9}:3{int:0-9}.{digits:3}Z")
    case "ip": "10.\(int(0...255)).\(int(0...255)).\(int(1...254))"
    default: nil
    }
  }
}

extension SampleForge {
  private static let digits = Array("0123456789")
  private static let lower = Array("abcdefghijklmnopqrstuvwxyz")
  private static let upper = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

  static let alphabets: [String: [Character]] = [
    "digits": digits, "lower": lower, "upper": upper, "alpha": lower + upper,
    "alnum": digits + lower + upper, "lowalnum": digits + lower, "upalnum": digits + upper,
    "hex": Array("0123456789abcdef"), "HEX": Array("0123456789ABCDEF"),
    "b64": digits + lower + upper + ["+", "/"], "b64url": digits + lower + upper + ["-", "_"],
    "base32": upper + Array("234567"), "bech32": Array("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
    "symbols": digits + lower + upper + Array("!%^*_+.~#"),
  ]

  static let words = [
    "river", "maple", "copper", "lantern", "harbor", "violet", "meadow", "falcon", "granite",
    "saddle", "timber", "orchard", "pepper", "walnut", "cinder", "marble", "thunder", "velvet",
    "canyon", "biscuit", "rocket", "dragon", "sunset", "monkey", "summer", "winter", "coffee",
  ]

  static let people = ["alice", "bob", "carol", "dmitri", "emeka", "fatima", "grace", "hiro"]

  /// `count` characters of base 62 and their CRC-32 in six more, as GitHub and npm do it.
  private mutating func checkedBase62(_ count: Int) -> String {
    let alphabet = Self.digits + Self.upper + Self.lower
    let body = text(alphabet, count)
    var crc = Int(Self.crc32(body))
    var check = ""
    for _ in 0..<6 {
      check = String(alphabet[crc % 62]) + check
      crc /= 62
    }
    return body + check
  }

  /// ISO 3309, reflected, polynomial 0xEDB88320.
  static func crc32(_ text: String) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in text.utf8 {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
