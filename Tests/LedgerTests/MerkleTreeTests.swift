// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

@testable import Ledger

@Suite struct MerkleTreeTests {
  /// The leaves of the test vectors that the reference implementations of RFC 6962 share.
  static let leaves: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
    Array(0x50...0x57), Array(0x60...0x6F),
  ]

  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test func hasTheRootsOfTheVectors() throws {
    var tree = MerkleTree()
    #expect(Hexadecimal.text(of: try tree.root()) == Self.roots[0])
    for (leaf, root) in zip(Self.leaves, Self.roots.dropFirst()) {
      try tree.append(try SHA256.hash([0x00] + leaf))
      #expect(Hexadecimal.text(of: try tree.root()) == root)
    }
    #expect(tree.count == 8)
  }

  /// The definition of the RFC, as it is written there.
  private func defined(_ leaves: ArraySlice<[UInt8]>) throws -> [UInt8] {
    guard leaves.count > 1, let first = leaves.indices.first else { return leaves.first ?? [] }
    var half = 1
    while half * 2 < leaves.count { half *= 2 }
    let (left, right) = (leaves[..<(first + half)], leaves[(first + half)...])
    return try SHA256.hash([0x01] + (try defined(left)) + (try defined(right)))
  }

  @Test func agreesWithTheDefinition() throws {
    var tree = MerkleTree()
    var leaves: [[UInt8]] = []
    for number in 0..<130 {
      let leaf = try SHA256.hash([UInt8(number)])
      leaves.append(leaf)
      try tree.append(leaf)
      #expect(try tree.root() == defined(leaves[...]))
    }
  }

  @Test func refusesWhatIsNoLeaf() {
    var tree = MerkleTree()
    #expect(throws: LedgerError.self) { try tree.append([1, 2, 3]) }
    #expect(tree.count == 0)
  }
}
