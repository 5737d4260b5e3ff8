// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto

/// Whether two byte strings are equal, in a time that depends on their lengths only.
///
/// Lengths are not secret: different lengths are unequal at once.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  return CRYPTO_memcmp(left, right, left.count) == 0
}
