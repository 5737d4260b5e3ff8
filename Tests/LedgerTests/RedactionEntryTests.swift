// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import Testing

@testable import Ledger

/// Version 2 of the encoding, which attests what was redacted. The fixed answers were computed
/// independently with Python's `struct` and `hashlib`.
@Suite struct RedactionEntryTests {
  private typealias Counts = [(family: String, count: Int)]

  private func fields(policy: Int = 5, _ counts: Counts) -> Fields {
    var fields = Fields()
    fields.redaction = .init(policy: policy, counts: counts)
    return fields
  }

  private let two: Counts = [("email", 3), ("github_token", 1)]

  @Test func encodesWhatWasRedactedBehindTheDigests() throws {
    let plain = try Fields().entry().prefix
    let redacted = try fields(two).entry().prefix
    #expect(plain.first == 0x01 && redacted.first == 0x02)
    let tail = [
      "00000005", "0002", "0005", "656d61696c", "00000003", "000c", "6769746875625f746f6b656e",
      "00000001",
    ]
    let expected = "02" + hexadecimal(Array(plain.dropFirst())) + tail.joined()
    #expect(hexadecimal(redacted) == expected)
  }

  @Test func encodesThatNothingWasRedacted() throws {
    let plain = try Fields().entry().prefix
    let redacted = try fields(policy: 0, []).entry().prefix
    #expect(redacted == [0x02] + plain.dropFirst() + [UInt8](repeating: 0, count: 6))
  }

  @Test func hashesToTheFixedLeaves() throws {
    let leaves: [(Fields, String)] = [
      (fields(two), "8d19117727f2df7667ab707ec622512bea1c1f89b78813dffbe8ce7a032fefb1"),
      (
        fields(policy: 0, []), "1cd7340e9e2b7db5f0b00ce37c5ebaae5ae4d1d92186e867b9751a83a7c40339"
      ),
      (
        fields(policy: Int(UInt32.max), [("", Int(UInt32.max))]),
        "da9a6dbbce26848378aee3567e2e4b8e132a0fbc26a5ce935205d93b03768e57"
      ),
    ]
    for (fields, expected) in leaves {
      let leaf = try fields.entry().leafHash(seq: 7, recordedAt: 1_700_000_001_000_001)
      #expect(hexadecimal(leaf) == expected)
    }
  }

  @Test func changesWithPolicyFamilyCountAndOrder() throws {
    let entries: [Fields] = [
      Fields(), fields(policy: 0, []), fields([]), fields(two), fields(policy: 6, two),
      fields([("email", 3)]), fields([("email", 2), ("github_token", 1)]),
      fields([("email", 3), ("github_token", 2)]), fields([("phone", 3), ("github_token", 1)]),
      fields(two.reversed()), fields([("email", 1), ("github_token", 3)]),
    ]
    let leaves = try entries.map { try $0.entry().leafHash(seq: 1, recordedAt: 2) }
    #expect(Set(leaves).count == entries.count)
  }

  /// Names that would give the same bytes if their lengths were not in front of them.
  @Test func tellsNamesApartThatTakeBytesOfTheirNeighbours() throws {
    let lists: [Counts] = [
      [("ab", 1), ("cd", 1)], [("abcd", 1)], [("a", 1), ("bcd", 1)], [("", 1), ("abcd", 1)],
      [("ab", 1), ("cd", 1), ("", 1)],
    ]
    let prefixes = try lists.map { try fields($0).entry().prefix }
    #expect(Set(prefixes).count == lists.count)
  }

  @Test func refusesNumbersThatItsFieldsCannotSay() throws {
    let longest = String(repeating: "a", count: 65_535)
    for fitting in [
      fields(policy: 0, []), fields(policy: Int(UInt32.max), []), fields([(longest, 0)]),
      fields([("a", Int(UInt32.max))]),
      fields(Array(repeating: (family: "a", count: 1), count: Int(UInt16.max))),
    ] {
      #expect(throws: Never.self) { try fitting.entry() }
    }
    for refused in [
      fields(policy: -1, []), fields(policy: Int(UInt32.max) + 1, []), fields([("a", -1)]),
      fields([("a", Int(UInt32.max) + 1)]), fields([(longest + "a", 1)]),
      fields(Array(repeating: (family: "a", count: 1), count: Int(UInt16.max) + 1)),
    ] {
      #expect(throws: LedgerError.lengthRefused(field: "redaction")) { try refused.entry() }
    }
  }

  @Test func comparesPolicyFamiliesAndCounts() {
    let redactions = EventEntry.Redactions(policy: 5, counts: two)
    #expect(redactions == .init(policy: 5, counts: two))
    #expect(redactions != .init(policy: 4, counts: two))
    #expect(redactions != .init(policy: 5, counts: [("email", 3)]))
    #expect(redactions != .init(policy: 5, counts: two.reversed()))
  }
}

extension EventEntry.Redactions {
  /// Pairs in place of `Redaction.Count`, so that a list fits on a line.
  fileprivate init(policy: Int, counts: [(family: String, count: Int)]) {
    self.init(policy: policy, counts: counts.map { Redaction.Count(family: $0, count: $1) })
  }
}
