// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// Texts that are searched for secrets: as they are, with the escapes of their JSON strings decoded,
/// with JSON inside of those strings decoded too, and as the hexadecimal digits of a dump.
struct Haystack: Sendable {
  /// By the place that they are from.
  private(set) var texts: [String: [UInt8]] = [:]

  /// Adds a text that is searched as it is.
  mutating func add(_ place: String, _ text: String) {
    texts[place, default: []] += Array(text.utf8) + [0]
  }

  /// Adds an answer: its head, its body, and every string in its body.
  mutating func add(_ place: String, _ answer: Answer) {
    add(place, answer.headers.all.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))
    add(place, json: answer.body)
  }

  /// Adds a JSON text, or one that is none.
  mutating func add(_ place: String, json bytes: [UInt8]) {
    var strings: [String] = []
    Self.collect(bytes, depth: 4, into: &strings)
    add(place, String(decoding: bytes, as: UTF8.self) + "\n" + strings.joined(separator: "\n"))
  }

  private static func collect(_ bytes: [UInt8], depth: Int, into strings: inout [String]) {
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONDocument(parsing: bytes, limits: .unlimited).root
    } catch {
      // Ordinary text: the caller has added it as it is.
      return
    }
    collect(root, depth: depth, into: &strings)
  }

  private static func collect(_ value: JSONValue, depth: Int, into strings: inout [String]) {
    if let text = value.decodedBytes() {
      strings.append(String(decoding: text, as: UTF8.self))
      if depth > 0 { collect(Array(text), depth: depth - 1, into: &strings) }
    }
    for member in value.members {
      collect(member.name, depth: 0, into: &strings)
      collect(member.value, depth: depth, into: &strings)
    }
    for element in value.elements { collect(element, depth: depth, into: &strings) }
  }
}
