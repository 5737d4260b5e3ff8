// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How long an attempt took, in seconds: a decimal number from 0 to 1,000,000,000, kept to the digit.
package struct RecoveryDuration: Sendable, Hashable {
  /// Digits, and a point with more digits where they were sent: `1.50`; never an exponent.
  package let text: String

  /// The most digits behind the point.
  package static let maximumDecimals = 400

  /// Reads a JSON number; nil for a negative one, one above 1,000,000,000, and one that is finer than
  /// `maximumDecimals` can say. `1e-3` becomes `0.001`; `-0` counts as 0.
  package init?(number: String) {
    guard let decimal = DecimalNumber(number), decimal.isInRange else { return nil }
    text = decimal.text
  }

  /// A number of JSON taken apart: `digits` without a point, which stands before the last `decimals`.
  private struct DecimalNumber {
    var digits: [UInt8]
    var decimals: Int
    let isNegative: Bool

    init?(_ number: String) {
      var rest = number.utf8[...]
      isNegative = rest.first == UInt8(ascii: "-")
      if isNegative { rest = rest.dropFirst() }
      let mantissa = rest.prefix { $0 | 0x20 != UInt8(ascii: "e") }
      let parts = mantissa.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count), parts.allSatisfy({ $0.allSatisfy(Self.isDigit) }),
        parts.allSatisfy({ !$0.isEmpty })
      else { return nil }
      digits = Array(parts.joined())
      decimals = parts.count == 2 ? parts[1].count : 0
      if mantissa.count < rest.count {
        let exponent = String(decoding: rest.dropFirst(mantissa.count + 1), as: UTF8.self)
        guard let exponent = Int(exponent) else { return nil }
        apply(exponent)
      }
    }

    /// Moves the point. Beyond these bounds only 0 is a number that is taken.
    private mutating func apply(_ exponent: Int) {
      if isZero {
        (digits, decimals) = ([UInt8(ascii: "0")], 0)
        return
      }
      decimals -= min(max(exponent, -5000), 5000)
      if decimals < 0 {
        digits += repeatElement(UInt8(ascii: "0"), count: -decimals)
        decimals = 0
      }
    }

    var isZero: Bool { digits.allSatisfy { $0 == UInt8(ascii: "0") } }

    var isInRange: Bool {
      guard decimals <= RecoveryDuration.maximumDecimals, !isNegative || isZero else {
        return false
      }
      let whole = digits.dropLast(decimals).drop { $0 == UInt8(ascii: "0") }
      if whole.count < 10 { return true }
      return whole.elementsEqual("1000000000".utf8)
        && digits.suffix(decimals).allSatisfy { $0 == UInt8(ascii: "0") }
    }

    var text: String {
      let whole = digits.dropLast(decimals).drop { $0 == UInt8(ascii: "0") }
      var text = whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self)
      guard decimals > 0 else { return text }
      let missing = max(0, decimals - digits.count)
      text += "." + String(repeating: "0", count: missing)
      text += String(decoding: digits.suffix(decimals), as: UTF8.self)
      return text
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
  }
}
