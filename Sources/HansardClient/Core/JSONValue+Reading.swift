// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON

extension JSONLimits {
  /// Answers are the service's own, and bounded by their bytes.
  static let answer = JSONLimits(
    depth: 256, stringBytes: .max, numberBytes: 4096, keys: .max)
  /// What the service takes as the data of an event, or the context of an attempt.
  static let event = JSONLimits(numberBytes: 1024)
}

extension JSONValue {
  /// The text of a member; nil where it is missing, null, or no text.
  func optionalText(_ name: String) -> String? {
    guard let bytes = self[name]?.decodedBytes() else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The JSON of a member as it was written; nil where it is missing or null.
  func optionalJSON(_ name: String) -> [UInt8]? {
    guard let value = self[name], !value.isNull else { return nil }
    return Array(value.rawBytes)
  }

  /// The text of a member that must be there.
  func needText(_ name: String) throws(HansardClientError) -> String {
    guard let text = optionalText(name) else { throw .unreadableAnswer("it has no \(name)") }
    return text
  }

  /// The integer of a member that must be there.
  func needInteger(_ name: String) throws(HansardClientError) -> Int64 {
    guard let number = self[name]?.integer() else {
      throw .unreadableAnswer("it has no \(name)")
    }
    return number
  }

  /// The texts of a list; empty where it is missing.
  func texts(_ name: String) -> [String] {
    guard let list = self[name] else { return [] }
    return list.elements.compactMap { element in
      element.decodedBytes().map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// The numbers of an object; empty where it is missing.
  func counts(_ name: String) -> [String: Int] {
    guard let object = self[name] else { return [:] }
    var counts: [String: Int] = [:]
    for member in object.members {
      counts[member.key] = member.value.integer().flatMap { Int(exactly: $0) } ?? 0
    }
    return counts
  }

  /// A count; 0 where it is missing.
  func count(_ name: String) -> Int { self[name]?.integer().map { Int(clamping: $0) } ?? 0 }
}
