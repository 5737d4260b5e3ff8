// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Where a webhook's messages go: `https://host[:port][/path][?query]`.
///
/// It is read so strictly that nobody who reads it later can understand something else: no credentials,
/// no fragment, no escapes in the host. `text` is made anew from what was read.
package struct WebhookURL: Sendable, Hashable {
  /// The longest, in bytes.
  package static let maximumBytes = 2048

  package let isSecure: Bool
  /// A name or an address in small letters, an IPv6 address without its brackets.
  package let host: String
  package let port: Int
  /// Path and query.
  package let target: String

  /// Reads a URL; nil for anything but the form above.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.maximumBytes, let separator = text.range(of: "://") else {
      return nil
    }
    switch text[..<separator.lowerBound] {
    case "https": isSecure = true
    case "http": isSecure = false
    default: return nil
    }
    let rest = text[separator.upperBound...].utf8
    let authority = rest.prefix { $0 != UInt8(ascii: "/") }
    let target = rest.dropFirst(authority.count)
    guard let (host, port) = Self.authority(Array(authority)), Self.isTarget(Array(target)) else {
      return nil
    }
    self.host = host
    self.port = port ?? (isSecure ? 443 : 80)
    self.target = target.isEmpty ? "/" : String(decoding: Array(target), as: UTF8.self)
  }

  /// The URL in the one form that it has here.
  package var text: String {
    let standard = isSecure ? 443 : 80
    let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    return "\(isSecure ? "https" : "http")://\(name)\(port == standard ? "" : ":\(port)")\(target)"
  }

  /// Host and port of `name`, `name:port`, `[address]` or `[address]:port`.
  private static func authority(_ bytes: [UInt8]) -> (host: String, port: Int?)? {
    let isBracketed = bytes.first == UInt8(ascii: "[")
    let end = bytes.firstIndex(of: UInt8(ascii: isBracketed ? "]" : ":")) ?? bytes.count
    let host = isBracketed ? bytes[..<end].dropFirst() : bytes[..<end]
    let behind = isBracketed ? bytes[end...].dropFirst() : bytes[end...]
    guard !isBracketed || end < bytes.count, isHost(Array(host), isBracketed) else { return nil }
    let name = String(decoding: host, as: UTF8.self).lowercased()
    if behind.isEmpty { return (name, nil) }
    guard behind.first == UInt8(ascii: ":"), behind.count <= 6,
      behind.dropFirst().allSatisfy(isDigit),
      let port = Int(String(decoding: behind.dropFirst(), as: UTF8.self)), 1...65_535 ~= port
    else { return nil }
    return (name, port)
  }

  private static func isHost(_ bytes: [UInt8], _ isBracketed: Bool) -> Bool {
    guard (1...253).contains(bytes.count) else { return false }
    if isBracketed {
      return bytes.allSatisfy { isHexadecimal($0) || $0 == 0x3A || $0 == 0x2E }
        && bytes.contains(0x3A)
    }
    return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .allSatisfy { label in
        (1...63).contains(label.count)
          && label.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
          && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
      }
  }

  /// Whether `bytes` are nothing, or a path from `/` on with perhaps a query (RFC 3986).
  private static func isTarget(_ bytes: [UInt8]) -> Bool {
    bytes.indices.allSatisfy { index in
      guard bytes[index] == UInt8(ascii: "%") else {
        return isLetter(bytes[index]) || isDigit(bytes[index]) || others.contains(bytes[index])
      }
      return index + 2 < bytes.count && isHexadecimal(bytes[index + 1])
        && isHexadecimal(bytes[index + 2])
    }
  }

  private static let others = Set("-._~!$&'()*+,;=:@/?".utf8)

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
  }
}

extension String {
  /// Where `other` stands first, by bytes.
  fileprivate func range(of other: String) -> Range<String.Index>? {
    let (bytes, wanted) = (utf8, Array(other.utf8))
    var start = bytes.startIndex
    while start < bytes.endIndex {
      if bytes[start...].starts(with: wanted) {
        return start..<bytes.index(start, offsetBy: wanted.count)
      }
      start = bytes.index(after: start)
    }
    return nil
  }
}
