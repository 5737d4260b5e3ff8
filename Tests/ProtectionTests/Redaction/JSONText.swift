// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Spellings of text inside a JSON string, without the quotes around it.
enum JSONText {
  /// The escapes that RFC 8259 section 7 demands.
  static func escaped(_ text: String) -> String {
    spelled(text) { _ in false }
  }

  /// Every character as `\uXXXX`.
  static func unicode(_ text: String) -> String {
    spelled(text) { _ in true }
  }

  /// The demanded escapes, and punctuation of ASCII as `\uXXXX`.
  static func punctuation(_ text: String) -> String {
    spelled(text) { $0.isASCII && !$0.properties.isAlphabetic && $0.properties.numericType == nil }
  }

  /// The demanded escapes, and every third character as `\uXXXX`.
  static func thirds(_ text: String) -> String {
    var count = 0
    return spelled(text) { _ in
      count += 1
      return count % 3 == 1
    }
  }

  private static func spelled(_ text: String, _ isCoded: (Unicode.Scalar) -> Bool) -> String {
    var spelling = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isCoded(scalar) {
        spelling.append(contentsOf: String(scalar).utf16.map(coded).joined().unicodeScalars)
      } else {
        spelling.append(contentsOf: plain(scalar).unicodeScalars)
      }
    }
    return String(spelling)
  }

  private static func plain(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": #"\""#
    case "\\": #"\\"#
    case "\n": #"\n"#
    case "\r": #"\r"#
    case "\t": #"\t"#
    case "\u{0}"..<"\u{20}": coded(UInt16(scalar.value))
    default: String(scalar)
    }
  }

  private static func coded(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// One round of decoding escapes in any text, for looking through layers of JSON.
  static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
        text.append(bytes[index])
        index += 1
        continue
      }
      if bytes[index + 1] == UInt8(ascii: "u"), index + 5 < bytes.count,
        let unit = UInt16(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(unit)
      {
        text.append(contentsOf: String(scalar).utf8)
        index += 6
      } else {
        text.append(bytes[index + 1] == UInt8(ascii: "n") ? 10 : bytes[index + 1])
        index += 2
      }
    }
    return text
  }
}
