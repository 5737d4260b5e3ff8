// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Hexadecimal digits (RFC 4648, section 8) as ASCII bytes: read in either case, written in lower.
package enum Hexadecimal {
  /// Both digits of an octet.
  package static func digits(of octet: UInt8) -> (high: UInt8, low: UInt8) {
    (digit(octet >> 4), digit(octet & 15))
  }

  /// The value of a digit, nil for any other byte.
  package static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }

  /// The digits of `octets`, two for each.
  package static func text(of octets: some Collection<UInt8>) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(2 * octets.count)
    for octet in octets { digits.append(hexadecimal: octet) }
    return String(decoding: digits, as: UTF8.self)
  }

  /// The octets that `digits` stand for, two digits for each; nil for anything else.
  package static func octets(of digits: some Collection<UInt8>) -> [UInt8]? {
    guard digits.count.isMultiple(of: 2) else { return nil }
    var octets: [UInt8] = []
    octets.reserveCapacity(digits.count / 2)
    var rest = digits.makeIterator()
    while let high = rest.next() {
      guard let high = value(of: high), let low = rest.next().flatMap(value) else { return nil }
      octets.append(high << 4 | low)
    }
    return octets
  }

  /// The digit of a value below 16.
  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 0x30 : value &+ 0x57 }
}

extension [UInt8] {
  /// Appends both digits of an octet.
  package mutating func append(hexadecimal octet: UInt8) {
    let digits = Hexadecimal.digits(of: octet)
    append(digits.high)
    append(digits.low)
  }
}
