// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Plants faults in requests.
enum Mutation {
  /// The bytes of one of `seeds` with one to three faults: in three of four cases in the body
  /// alone, whose length then is right, else anywhere.
  static func apply(to seeds: [RawRequest], _ generator: inout SeededGenerator) -> [UInt8] {
    var request = seeds[generator.int(0..<seeds.count)]
    let other = seeds[generator.int(0..<seeds.count)]
    let count = generator.int(1..<4)
    if generator.int(0..<4) < 3, !request.body.isEmpty {
      let isGentle = generator.int(0..<2) == 0
      for _ in 0..<count {
        if isGentle {
          respell(&request.body, &generator)
        } else {
          mutate(&request.body, other.body, &generator)
        }
      }
      return request.bytes
    }
    var bytes = request.bytes
    for _ in 0..<count { mutate(&bytes, other.bytes, &generator) }
    return bytes
  }

  /// Puts a letter or digit in the place of another, so that JSON mostly stays JSON and the fault
  /// is met by what lies behind the parser.
  private static func respell(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let letters = Array("abcxyzEZ0179-.".utf8)
    for _ in 0..<20 {
      let place = generator.int(0..<bytes.count)
      guard letters.contains(bytes[place]) || (0x61...0x7A).contains(bytes[place]) else { continue }
      bytes[place] = letters[generator.int(0..<letters.count)]
      return
    }
  }

  /// What is worth putting anywhere.
  private static let words =
    [
      "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "\\u0000", "\\ud800", "1e999999999", "-0",
      "9223372036854775808", "\r\n", "\r\n\r\n", "\n", "\u{0}", "%00", "%", "é", "\u{301}", "..",
      "/",
      "?", "&", "=", "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", "HTTP/1.0", "HEAD",
    ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0xAF], [0xEF, 0xBB, 0xBF], [0x80]]

  private static func mutate(
    _ bytes: inout [UInt8], _ other: [UInt8], _ generator: inout SeededGenerator
  ) {
    guard !bytes.isEmpty else { return bytes = other }
    let place = generator.int(0..<bytes.count)
    let end = min(bytes.count, place + generator.int(1..<24))
    switch generator.int(0..<8) {
    case 0: bytes[place] ^= 1 << UInt8(generator.int(0..<8))
    case 1: bytes[place] = UInt8(generator.int(0..<256))
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
    case 4: bytes.insert(contentsOf: words[generator.int(0..<words.count)], at: place)
    case 5: bytes.replaceSubrange(place..<end, with: words[generator.int(0..<words.count)])
    case 6: bytes = Array(bytes[..<place]) + other.dropFirst(min(place, other.count))
    default: bytes.removeLast(bytes.count - place)
    }
  }
}
