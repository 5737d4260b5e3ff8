// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// base64url without padding (RFC 4648, section 5).
package enum Base64URL {
  /// The text of `bytes`.
  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for byte in Data(bytes).base64EncodedString().utf8 {
      switch byte {
      case UInt8(ascii: "+"): text.append(UInt8(ascii: "-"))
      case UInt8(ascii: "/"): text.append(UInt8(ascii: "_"))
      case UInt8(ascii: "="): continue
      default: text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of `text`; nil when it is not base64url without padding.
  package static func decode(_ text: String) -> [UInt8]? {
    var standard: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "-"): standard.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): standard.append(UInt8(ascii: "/"))
      case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
      default: standard.append(byte)
      }
    }
    let padding = (4 - standard.count % 4) % 4
    standard.append(contentsOf: repeatElement(UInt8(ascii: "="), count: padding))
    guard let data = Data(base64Encoded: String(decoding: standard, as: UTF8.self)) else {
      return nil
    }
    // Bits beyond the last byte would make several texts of one value.
    let bytes = Array(data)
    return encode(bytes).utf8.elementsEqual(text.utf8) ? bytes : nil
  }
}
