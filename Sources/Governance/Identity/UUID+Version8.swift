// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Protection

extension UUID {
  /// A version 8 UUID (RFC 9562, section 5.8) out of SHA-256 of `text`: the same for the same text.
  static func version8(of text: String) throws -> UUID {
    var octets = try SHA256.hash(Array(text.utf8))
    octets[6] = 0x80 | (octets[6] & 0x0F)
    octets[8] = 0x80 | (octets[8] & 0x3F)
    return UUID(sixteenBytes: octets[...])
  }
}
