// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// A request target in origin form, taken apart byte by byte (RFC 3986, section 3).
///
/// Path segments stay as they were sent, so that an escaped letter never matches a route; only
/// parameters are decoded. Nothing is normalised: `//`, `.` and a trailing slash name nothing here.
struct RequestTarget: Sendable {
  /// The segments between slashes, not decoded: `/a/b` has two, `/a/` has `a` and an empty one.
  let segments: [Substring]
  /// What follows the first `?`; nil where there is none.
  let query: Substring?

  /// Takes `target` apart.
  init(_ target: String) {
    // By bytes: characters would cost more, and take a slash with an accent for another one.
    let parts = target.utf8.split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    let path = (parts.first ?? Substring().utf8).dropFirst()
    segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
      Substring($0)
    }
    query = parts.count > 1 ? Substring(parts[1]) : nil
  }
}

/// Percent-encoding (RFC 3986, section 2.1) on bytes.
enum PercentEncoding {
  /// Decodes `text`; nil where an escape is broken, or where the bytes are not UTF-8 or hold
  /// U+0000. A `+` stays a `+`.
  static func decode(_ text: Substring) -> String? {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == 0 }) else {
      return String(text)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var rest = text.utf8.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.next().flatMap(Hexadecimal.value),
        let low = rest.next().flatMap(Hexadecimal.value)
      else { return nil }
      bytes.append(high << 4 | low)
    }
    guard !bytes.contains(0) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Encodes every byte that is not unreserved.
  static func encode(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// In upper case, as RFC 3986 asks for.
  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
