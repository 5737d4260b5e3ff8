// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// The Merkle tree hash of RFC 6962, section 2.1, as it is defined there: by halves, with none of the program's
/// own tree.
enum RecomputedRoot {
  /// `MTH(D[n])` over leaf hashes; the tree of no leaves does not occur here.
  static func of(_ leaves: ArraySlice<[UInt8]>) throws -> [UInt8] {
    guard leaves.count > 1 else { return leaves.first ?? [] }
    // k, the largest power of two smaller than n.
    var k = 1
    while k * 2 < leaves.count { k *= 2 }
    let (left, right) = (leaves.prefix(k), leaves.dropFirst(k))
    return try SHA256.hash([0x01] + of(left) + of(right))
  }
}
