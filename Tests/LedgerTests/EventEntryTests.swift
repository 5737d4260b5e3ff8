// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Ledger

/// The fixed answers were computed independently with Python's `struct` and `hashlib`. Hashes that
/// were given out in receipts must be found again for ever: these never change.
@Suite struct EventEntryTests {
  @Test func encodesByteByByte() throws {
    let expected = [
      "01", "00112233445566778899aabbccddeeff", "01890a5dac96774bbcceb302099a8057",
      "01890a5dac96774bbcceb302099a8058", "000c", "746f6f6c2e63616c6c20c3a9",
      "00060a2418202240", "0007", "6b65793a616263", "000004d2",
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
      "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
    ]
    #expect(hexadecimal(try Fields().entry().prefix) == expected.joined())
  }

  @Test func hashesToTheFixedLeaf() throws {
    let leaf = try Fields().entry().leafHash(seq: 7, recordedAt: 1_700_000_001_000_001)
    let expected = "941536bf10f0ab1c9c5a477c7ab46a3667e45708259dd0222dab3f15cb20169f"
    #expect(hexadecimal(leaf) == expected)
  }

  @Test func hashesTheOutermostValues() throws {
    var fields = Fields()
    fields.type = ""
    fields.recordedBy = ""
    fields.occurredAt = .min
    fields.payloadLength = Int(UInt32.max)
    fields.contentMAC = [UInt8](repeating: 0xFF, count: 32)
    fields.sealedDigest = [UInt8](repeating: 0, count: 32)
    let leaf = try fields.entry().leafHash(seq: -1, recordedAt: .max)
    let expected = "ffe45e0bb913b3f2089c3b431e2e4568ca9bf589cd457a51817d2cef355f90fa"
    #expect(hexadecimal(leaf) == expected)
  }

  @Test func changesWithEveryField() throws {
    let alterations: [(inout Fields) -> Void] = [
      { _ in }, { $0.tenant = UUID() }, { $0.recording = UUID() }, { $0.eventID = UUID() },
      { swap(&$0.recording, &$0.eventID) }, { $0.type = "tool.calm \u{E9}" },
      { $0.type = "tool.call e\u{301}" }, { $0.occurredAt += 1 }, { $0.recordedBy = "key:abd" },
      { $0.payloadLength += 1 }, { $0.contentMAC[31] ^= 1 }, { $0.sealedDigest[0] ^= 1 },
      { swap(&$0.contentMAC, &$0.sealedDigest) },
    ]
    var leaves = try alterations.map { alter in
      var fields = Fields()
      alter(&fields)
      return try fields.entry().leafHash(seq: 1, recordedAt: 2)
    }
    leaves.append(try Fields().entry().leafHash(seq: 2, recordedAt: 2))
    leaves.append(try Fields().entry().leafHash(seq: 1, recordedAt: 3))
    #expect(Set(leaves).count == alterations.count + 2)
  }

  /// Texts that would give the same bytes if their lengths were not in front of them.
  @Test func tellsTextsApartThatTakeBytesOfTheirNeighbours() throws {
    let cuts = [
      ("ab", "cd"), ("abc", "d"), ("a", "bcd"), ("abcd", ""), ("", "abcd"), ("ab\0", "cd"),
    ]
    let prefixes = try cuts.map { type, recordedBy in
      var fields = Fields()
      (fields.type, fields.recordedBy) = (type, recordedBy)
      return try fields.entry().prefix
    }
    #expect(Set(prefixes).count == cuts.count)
  }

  @Test func refusesLengthsThatItsPrefixesCannotSay() throws {
    let longest = String(repeating: "a", count: 65_535)
    let fitting: [(inout Fields) -> Void] = [
      { $0.type = longest }, { $0.recordedBy = longest }, { $0.payloadLength = 0 },
    ]
    for alter in fitting {
      var fields = Fields()
      alter(&fields)
      #expect(throws: Never.self) { try fields.entry() }
    }
    let refused: [(String, (inout Fields) -> Void)] = [
      ("type", { $0.type = longest + "a" }),
      ("type", { $0.type = String(repeating: "\u{E9}", count: 32_768) }),
      ("recordedBy", { $0.recordedBy = longest + "a" }),
      ("payloadLength", { $0.payloadLength = -1 }),
      ("payloadLength", { $0.payloadLength = Int(UInt32.max) + 1 }),
      ("payloadLength", { $0.payloadLength = .max }),
      ("sealedDigest", { $0.sealedDigest = [] }),
      ("sealedDigest", { $0.sealedDigest.append(0) }),
      ("contentMAC", { $0.contentMAC.removeLast() }),
    ]
    for (field, alter) in refused {
      var fields = Fields()
      alter(&fields)
      #expect(throws: LedgerError.lengthRefused(field: field)) { try fields.entry() }
    }
  }
}
