// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// That a leaf stands at a place of a Merkle tree (RFC 6962, section 2.1.1); checked without any key, and with
/// nothing of the tree but its root.
package struct InclusionProof: Sendable, Equatable {
  /// The place of the leaf, from 0.
  package let index: Int
  /// How many leaves the tree has.
  package let size: Int
  /// The audit path, from the bottom up, 32 bytes each.
  package let path: [[UInt8]]

  /// Takes a proof; whether it proves anything `verify` says.
  package init(index: Int, size: Int, path: [[UInt8]]) {
    self.index = index
    self.size = size
    self.path = path
  }

  /// The most that a path can have, whatever the tree.
  package static let maximumPathLength = Int.bitWidth - 1

  /// Whether `leaf` is at the place in the tree that has this root.
  package func verify(leaf: [UInt8], root: [UInt8]) throws(LedgerError) -> Bool {
    try self.root(of: leaf) == root
  }

  /// The root of the tree that the path leads to; nil where the path is not one of a tree of this size.
  ///
  /// The algorithm of RFC 9162, section 2.1.3.2, which describes the same trees: `place` and `last` are the
  /// numbers, on the level reached, of the node that leads to the leaf and of the last node.
  package func root(of leaf: [UInt8]) throws(LedgerError) -> [UInt8]? {
    guard index >= 0, index < size, leaf.count == SHA256.byteCount else { return nil }
    var (place, last, hash) = (index, size - 1, leaf)
    for sibling in path {
      guard last > 0, sibling.count == SHA256.byteCount else { return nil }
      if place & 1 == 1 || place == last {
        hash = try MerkleTree.node(sibling, hash)
        // The node went up as it was until it had one on its left.
        while place & 1 == 0, place > 0 { (place, last) = (place >> 1, last >> 1) }
      } else {
        hash = try MerkleTree.node(hash, sibling)
      }
      (place, last) = (place >> 1, last >> 1)
    }
    return last == 0 ? hash : nil
  }
}
