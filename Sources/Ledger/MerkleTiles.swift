// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The tiles of a Merkle tree: its leaves in pieces of a power of two, of which only the roots are held, so
/// that the audit paths of a long tree can be made without holding all of its leaves.
///
/// A tile is a subtree of the whole (the last one may be incomplete), and the tree above the tiles is the tree
/// whose leaves are their roots. So an audit path is one inside the tile and then one of its root:
/// ```
/// PATH(m, D[n]) = PATH(m mod w, tile) ‖ PATH(m div w, roots)              w: leaves of a tile
/// ```
/// First all leaves are appended, in order. Then `paths(ofTile:leaves:)` is asked tile by tile with the same
/// leaves once more. Held are a root for each tile, as many nodes above them, and one tile.
package struct MerkleTiles: Sendable {
  /// Leaves of a tile.
  package static let standardWidth = 1024

  /// How many leaves a tile has; a power of two.
  package let width: Int
  private var roots: [[UInt8]] = []
  private var open = MerkleTree()

  /// No leaves yet.
  package init() { self.init(width: Self.standardWidth) }

  /// For tests: with small tiles everything about them is reached with few leaves.
  init(width: Int) { self.width = width }

  /// How many leaves there are.
  package var count: Int { roots.count * width + open.count }

  /// How many tiles there are.
  package var tileCount: Int { roots.count + (open.count > 0 ? 1 : 0) }

  /// Adds the next leaf, 32 bytes.
  package mutating func append(_ leaf: [UInt8]) throws(LedgerError) {
    try open.append(leaf)
    guard open.count == width else { return }
    roots.append(try open.root())
    open = MerkleTree()
  }

  /// The tree as it is, for its root and its paths.
  package func sealed() throws(LedgerError) -> Sealed {
    let all = open.count > 0 ? roots + [try open.root()] : roots
    return Sealed(
      width: width, count: count, above: try MerkleLevels(above: all),
      root: try MerkleTree.root(ofEvery: all))
  }

  /// Tiles to which nothing is added any more.
  package struct Sealed: Sendable {
    /// See `MerkleTiles.width`.
    package let width: Int
    /// How many leaves there are.
    package let count: Int
    fileprivate let above: MerkleLevels
    /// The root over all leaves, 32 bytes.
    package let root: [UInt8]

    /// How many tiles there are.
    package var tileCount: Int { above.count }

    /// Which leaves are in a tile, from 0; empty where there is no such tile.
    package func leaves(ofTile tile: Int) -> Range<Int> {
      guard tile >= 0, tile < tileCount else { return 0..<0 }
      return tile * width..<min(count, (tile + 1) * width)
    }

    /// The audit paths of all leaves of a tile, in order.
    ///
    /// - Parameter leaves: the leaves of that tile, all of them.
    /// - Throws: `leavesDiffer` unless they are the ones that were appended.
    package func paths(
      ofTile tile: Int, leaves: [[UInt8]]
    ) throws(LedgerError) -> [[[UInt8]]] {
      let rest = try above.path(of: tile)
      let inside = try MerkleLevels(above: leaves)
      guard let root = inside.root, try above.leaf(tile) == root else { throw .leavesDiffer }
      var paths: [[[UInt8]]] = []
      for index in leaves.indices { paths.append(try inside.path(of: index) + rest) }
      return paths
    }
  }
}

extension MerkleTree {
  /// The root of a tree of these hashes.
  fileprivate static func root(ofEvery hashes: [[UInt8]]) throws(LedgerError) -> [UInt8] {
    var tree = MerkleTree()
    for hash in hashes { try tree.append(hash) }
    return try tree.root()
  }
}
