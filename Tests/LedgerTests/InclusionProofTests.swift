// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

@testable import Ledger

@Suite struct InclusionProofTests {
  private static func leaf(_ data: [UInt8]) throws -> [UInt8] { try SHA256.hash([0x00] + data) }

  /// Distinct leaves.
  private static func leaves(_ count: Int) throws -> [[UInt8]] {
    try (0..<count).map { try leaf([UInt8($0 >> 8), UInt8($0 & 255)]) }
  }

  /// The paths that the reference implementations of RFC 6962 share with each other, over the leaves of
  /// `MerkleTreeTests`: place from 0, size, path.
  private static let known: [(Int, Int, [String])] = [
    (0, 1, []),
    (
      0, 8,
      [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ]
    ),
    (
      5, 8,
      [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ]
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
      1, 5,
      [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      ]
    ),
  ]

  @Test func hasThePathsOfTheVectors() throws {
    let leaves = try MerkleTreeTests.leaves.map { try Self.leaf($0) }
    for (index, size, path) in Self.known {
      let levels = try MerkleLevels(above: Array(leaves[..<size]))
      #expect(try levels.path(of: index).map { Hexadecimal.text(of: $0) } == path)
      #expect(levels.root.map { Hexadecimal.text(of: $0) } == MerkleTreeTests.roots[size])
    }
  }

  /// The definitions of the RFC, as they are written there.
  private final class Definition {
    let leaves: [[UInt8]]
    private var known: [Range<Int>: [UInt8]] = [:]

    init(_ leaves: [[UInt8]]) { self.leaves = leaves }

    private func half(_ range: Range<Int>) -> Int {
      var half = 1
      while half * 2 < range.count { half *= 2 }
      return range.lowerBound + half
    }

    func root(_ range: Range<Int>) throws -> [UInt8] {
      if range.count == 1 { return leaves[range.lowerBound] }
      if let root = known[range] { return root }
      let middle = half(range)
      let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
      let root = try SHA256.hash([0x01] + (try root(left)) + (try root(right)))
      known[range] = root
      return root
    }

    func path(_ place: Int, _ range: Range<Int>) throws -> [[UInt8]] {
      if range.count == 1 { return [] }
      let middle = half(range)
      let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
      return place < middle
        ? try path(place, left) + [root(right)] : try path(place, right) + [root(left)]
    }
  }

  @Test func agreesWithTheDefinitionForEverySizeAndPlace() throws {
    let definition = Definition(try Self.leaves(130))
    for size in 1...130 {
      let leaves = Array(definition.leaves[..<size])
      let (levels, root) = (try MerkleLevels(above: leaves), try definition.root(0..<size))
      #expect(levels.root == root)
      for index in 0..<size {
        let path = try levels.path(of: index)
        #expect(try path == definition.path(index, 0..<size))
        let proof = InclusionProof(index: index, size: size, path: path)
        #expect(try proof.verify(leaf: leaves[index], root: root))
      }
    }
  }

  @Test(arguments: [1, 2, 4, 16, 128, 256])
  func tilesGiveTheSamePaths(width: Int) throws {
    let leaves = try Self.leaves(130)
    for size in 0...130 {
      try expectSamePaths(Array(leaves[..<size]), MerkleTiles(width: width))
    }
  }

  @Test(arguments: [1023, 1024, 1025, 2049])
  func tilesOfTheStandardWidthDoSo(size: Int) throws {
    try expectSamePaths(try Self.leaves(size), MerkleTiles())
  }

  private func expectSamePaths(_ leaves: [[UInt8]], _ empty: MerkleTiles) throws {
    var (tiles, tree) = (empty, MerkleTree())
    for leaf in leaves {
      try tiles.append(leaf)
      try tree.append(leaf)
    }
    let sealed = try tiles.sealed()
    #expect(try sealed.root == tree.root())
    #expect((tiles.count, sealed.count) == (leaves.count, leaves.count))
    #expect(tiles.tileCount == sealed.tileCount)
    let whole = try MerkleLevels(above: leaves)
    var paths: [[[UInt8]]] = []
    for tile in 0..<sealed.tileCount {
      paths += try sealed.paths(ofTile: tile, leaves: Array(leaves[sealed.leaves(ofTile: tile)]))
    }
    #expect(try paths == leaves.indices.map { try whole.path(of: $0) })
    #expect(sealed.leaves(ofTile: sealed.tileCount).isEmpty)
  }

  @Test func aTileOfOtherLeavesIsRefused() throws {
    var tiles = MerkleTiles(width: 4)
    let leaves = try Self.leaves(6)
    for leaf in leaves { try tiles.append(leaf) }
    let sealed = try tiles.sealed()
    let swapped = [leaves[1], leaves[0], leaves[2], leaves[3]]
    for wrong in [swapped, Array(leaves[..<3]), Array(leaves[2...]), []] {
      #expect(throws: LedgerError.leavesDiffer) { try sealed.paths(ofTile: 0, leaves: wrong) }
    }
    #expect(throws: LedgerError.outOfRange) {
      try sealed.paths(ofTile: 2, leaves: [])
    }
    #expect(throws: LedgerError.outOfRange) {
      try MerkleLevels(above: leaves).path(of: 6)
    }
    #expect(throws: LedgerError.lengthRefused(field: "leaf")) { try MerkleLevels(above: [[1]]) }
  }

  /// Everything that a proof says is part of it: whatever is changed, it proves nothing any more.
  @Test func refusesEveryOtherProof() throws {
    let leaves = try Self.leaves(13)
    for size in 1...13 {
      let levels = try MerkleLevels(above: Array(leaves[..<size]))
      let root = try #require(levels.root)
      for index in 0..<size {
        let path = try levels.path(of: index)
        for wrong in Self.wrongProofs(InclusionProof(index: index, size: size, path: path)) {
          #expect(try !wrong.verify(leaf: leaves[index], root: root), "\(index) of \(size)")
        }
        let right = InclusionProof(index: index, size: size, path: path)
        #expect(try !right.verify(leaf: leaves[(index + 1) % 13], root: root))
        #expect(try !right.verify(leaf: Array(leaves[index].dropLast()), root: root))
      }
    }
  }

  private static func wrongProofs(_ right: InclusionProof) -> [InclusionProof] {
    let (index, size, path) = (right.index, right.size, right.path)
    var paths = [path + [[UInt8](repeating: 7, count: 32)], path + [[]]]
    if !path.isEmpty { paths += [Array(path.dropLast()), Array(path.dropFirst())] }
    if path.count > 1 { paths.append(path.reversed()) }
    for step in path.indices {
      var changed = path
      changed[step][0] ^= 1
      paths.append(changed)
    }
    let places = [-1, index - 1, index + 1, size, Int.max, Int.min].filter { $0 != index }
    return paths.map { InclusionProof(index: index, size: size, path: $0) }
      + places.map { InclusionProof(index: $0, size: size, path: path) }
      + [0, -1, Int.min].map { InclusionProof(index: index, size: $0, path: path) }
  }
}
