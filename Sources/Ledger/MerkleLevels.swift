// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// All nodes of a Merkle tree that is small enough to be held, level by level from the leaves up.
///
/// A level is made of the one below by hashing its nodes in pairs, from the left; the last one of an odd
/// number goes up as it is. That is the tree of RFC 6962, section 2.1: its left subtree has the largest
/// power of two of leaves, so that all pairs are as here, and what is left over stays on the right.
///
/// ```
///          root            levels[3]
///         /    \
///       ab      \          levels[2]
///      /  \      \
///     a    b      c        levels[1]      c went up as it is
///    / \  / \     |
///   0  1  2  3    4        levels[0]
/// ```
package struct MerkleLevels: Sendable {
  private let levels: [[[UInt8]]]

  /// Computes the nodes above `hashes`, 32 bytes each: leaves, or the roots of complete subtrees of one size,
  /// of which the last may be incomplete. Takes one hash for each node.
  package init(above hashes: [[UInt8]]) throws(LedgerError) {
    guard hashes.allSatisfy({ $0.count == SHA256.byteCount }) else {
      throw .lengthRefused(field: "leaf")
    }
    var levels = [hashes]
    while let last = levels.last, last.count > 1 {
      var next: [[UInt8]] = []
      next.reserveCapacity(last.count / 2 + 1)
      for left in stride(from: 0, to: last.count, by: 2) {
        next.append(
          left + 1 < last.count ? try MerkleTree.node(last[left], last[left + 1]) : last[left])
      }
      levels.append(next)
    }
    self.levels = levels
  }

  /// How many hashes the tree was made of.
  package var count: Int { levels[0].count }

  /// The root, 32 bytes; nil where there are no leaves, whose root stands for nothing that could be proved.
  package var root: [UInt8]? { levels.last?.first }

  /// One of the hashes that the tree was made of.
  func leaf(_ index: Int) throws(LedgerError) -> [UInt8] {
    guard levels[0].indices.contains(index) else { throw .outOfRange }
    return levels[0][index]
  }

  /// The audit path of one of the hashes (RFC 6962, section 2.1.1), from the bottom up: on each level the node
  /// beside the one that leads to it, where there is one.
  ///
  /// ```
  /// PATH(0, {d}) = {}
  /// PATH(m, D[n]) = PATH(m, D[0:k])     ‖ MTH(D[k:n])    for m < k
  /// PATH(m, D[n]) = PATH(m - k, D[k:n]) ‖ MTH(D[0:k])    for m ≥ k      k: largest power of two < n
  /// ```
  package func path(of index: Int) throws(LedgerError) -> [[UInt8]] {
    guard levels[0].indices.contains(index) else { throw .outOfRange }
    var (path, place): ([[UInt8]], Int) = ([], index)
    for level in levels {
      if level.indices.contains(place ^ 1) { path.append(level[place ^ 1]) }
      place >>= 1
    }
    return path
  }
}
