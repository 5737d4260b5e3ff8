// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection

/// Pieces of what an agent session says, to look for where they must not be.
enum Sentences {
  /// Bytes of one piece: long enough not to be anywhere by chance.
  private static let length = 24

  /// Pieces of all its strings that are longer than 20 characters, spread evenly; pieces that could
  /// stand in any dump (rules, blanks, repetitions) are left out.
  static func sample(of file: String, count: Int) throws -> [String] {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    let root = try JSONDocument(parsing: bytes, limits: .unlimited).root
    guard let trajectory = root["trajectory"] else { return [] }
    var texts: [[UInt8]] = []
    collect(trajectory, into: &texts)
    let pieces = texts.flatMap(pieces)
    let stride = max(1, pieces.count / count)
    let chosen = pieces.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    return Array(Set(chosen)).sorted()
  }

  private static func collect(_ value: JSONValue, into texts: inout [[UInt8]]) {
    if let text = value.decodedBytes(), text.count > 20 { texts.append(Array(text)) }
    for member in value.members { collect(member.value, into: &texts) }
    for element in value.elements { collect(element, into: &texts) }
  }

  /// The ASCII pieces of a text, side by side.
  private static func pieces(_ text: [UInt8]) -> [String] {
    stride(from: 0, to: text.count, by: length).compactMap { start in
      let piece = text[start..<min(start + length, text.count)]
      guard piece.count > 20, piece.allSatisfy({ (0x20...0x7E).contains($0) }),
        piece.filter(isLetter).count >= 12, Set(piece).count >= 9
      else { return nil }
      return String(decoding: piece, as: UTF8.self)
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// Those that stand in `dump`, as text or as hexadecimal digits.
  static func found(_ sentences: [String], in dump: String) -> [String] {
    dump.withCString { haystack in
      sentences.filter { sentence in
        let digits = sentence.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return strstr(haystack, sentence) != nil || strstr(haystack, digits) != nil
      }
    }
  }
}
