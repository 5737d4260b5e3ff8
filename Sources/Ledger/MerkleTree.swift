// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// The Merkle tree of RFC 6962, section 2.1, grown leaf by leaf: only the roots of its complete
/// subtrees are kept, one for each bit of its size.
///
/// ```
/// node = SHA-256(0x01 ‖ left ‖ right)        the root of no leaves is SHA-256 of nothing
/// ```
package struct MerkleTree: Sendable {
  /// The roots of complete subtrees, the largest first; their sizes are powers of two.
  private var subtrees: [(size: Int, root: [UInt8])] = []
  /// How many leaves there are.
  package private(set) var count = 0

  /// An empty tree.
  package init() {}

  /// Adds the next leaf, 32 bytes; see `EventEntry.leafHash`.
  package mutating func append(_ leaf: [UInt8]) throws(LedgerError) {
    guard leaf.count == SHA256.byteCount else { throw .lengthRefused(field: "leaf") }
    var (size, root) = (1, leaf)
    while let last = subtrees.last, last.size == size {
      root = try Self.node(last.root, root)
      size *= 2
      subtrees.removeLast()
    }
    subtrees.append((size, root))
    count += 1
  }

  /// The root over all leaves, 32 bytes.
  package func root() throws(LedgerError) -> [UInt8] {
    guard var root = subtrees.last?.root else { return try Self.hash([]) }
    for subtree in subtrees.dropLast().reversed() { root = try Self.node(subtree.root, root) }
    return root
  }

  /// The hash of an inner node.
  static func node(_ left: [UInt8], _ right: [UInt8]) throws(LedgerError) -> [UInt8] {
    try hash([0x01] + left + right)
  }

  private static func hash(_ bytes: [UInt8]) throws(LedgerError) -> [UInt8] {
    do {
      return try SHA256.hash(bytes)
    } catch {
      throw .hashing(error)
    }
  }
}
