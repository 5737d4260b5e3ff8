// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Content-Type and Accept (RFC 9110, sections 8.3 and 12.5.1), as far as bodies and reports need them.
struct MediaType: Equatable {
  /// In lower case, such as `application/json`.
  let essence: String
  /// In lower case, without quotes.
  let parameters: [String: String]

  /// Reads one media type or range; nil when it is none.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false).map {
      Self.trimmed($0)
    }
    guard let essence = parts.first?.lowercased() else { return nil }
    let halves = essence.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isToken) })
    else { return nil }
    var parameters: [String: String] = [:]
    for part in parts.dropFirst() where !part.isEmpty {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else { return nil }
      parameters[pair[0].lowercased()] = Self.unquoted(pair[1]).lowercased()
    }
    self.essence = essence
    self.parameters = parameters
  }

  /// True for a charset of UTF-8 or none named: all JSON between systems is UTF-8 (RFC 8259,
  /// section 8.1).
  var isUTF8: Bool {
    guard let charset = parameters["charset"] else { return true }
    return charset == "utf-8" || charset == "utf8"
  }

  /// Whether a client that sent these Accept fields takes JSON.
  static func acceptsJSON(_ accept: [String]) -> Bool {
    weight(of: "application/json", "application/problem+json", in: accept) > 0
  }

  /// How much a client that sent these Accept fields likes a type, under any of its names: the weight of the
  /// most specific range that holds it, 0 where none does. No field at all takes anything.
  static func weight(of essences: String..., in accept: [String]) -> Double {
    guard !accept.allSatisfy({ $0.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }) else { return 1 }
    let ranges = accept.flatMap { $0.split(separator: ",") }.compactMap { MediaType($0) }
    let wild = (essences.first ?? "").prefix { $0 != "/" } + "/*"
    for range in essences + [String(wild), "*/*"] {
      if let best = ranges.filter({ $0.essence == range }).map(\.quality).max() { return best }
    }
    return 0
  }

  /// The weight of a range: 0 to 1, 1 where it is absent or not a number.
  var quality: Double {
    parameters["q"].flatMap { Double($0) } ?? 1
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let bytes = text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    return String(decoding: Array(bytes), as: UTF8.self)
  }

  private static func unquoted(_ text: Substring) -> String {
    guard text.utf8.count >= 2, text.utf8.first == 0x22, text.utf8.last == 0x22 else {
      return String(text)
    }
    return String(text.dropFirst().dropLast())
  }

  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
