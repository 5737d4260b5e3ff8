// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// Whatever is wrong with an archive, reading it ends with an error and never with a trap.
@Suite struct ArchiveDamageTests {
  /// Whether a reader takes `bytes` for an archive.
  private typealias Judge = @Sendable ([UInt8]) throws -> Bool

  private static let strict: Judge = { bytes in
    do {
      _ = try ArchiveSample.read(bytes)
      return true
    } catch is ArchiveError {
      return false
    }
  }

  /// A planted defect: nobody asks whether the archive was read to its end.
  private static let withoutEnd: Judge = { bytes in
    var reader = try ArchiveReader(of: ArchiveSample.recording, of: ArchiveSample.tenant)
    do {
      try reader.read(bytes) { _ in }
      return true
    } catch is ArchiveError {
      return false
    }
  }

  /// At which bytes an archive could be cut off, or changed, without `judge` noticing.
  private func unnoticed(by judge: Judge) async throws -> (cuts: [Int], flips: [Int]) {
    let bytes = try await ArchiveSample(2).archive().bytes
    #expect(try judge(bytes))
    let cuts = try bytes.indices.filter { try judge(Array(bytes[..<$0])) }
    let flips = try bytes.indices.filter { index in
      var changed = bytes
      // Each bit has its turn over the bytes, and the one that tells small letters from capitals everywhere.
      changed[index] ^= 1 << UInt8(index % 8)
      if try judge(changed) { return true }
      changed = bytes
      changed[index] ^= 0x20
      return try judge(changed)
    }
    return (cuts, flips)
  }

  @Test func everyCutAndEveryFlippedBitIsNoticed() async throws {
    let found = try await unnoticed(by: Self.strict)
    #expect(found.cuts == [] && found.flips == [])
  }

  @Test func aReaderThatDoesNotAskForTheEndIsFound() async throws {
    let found = try await unnoticed(by: Self.withoutEnd)
    #expect(!found.cuts.isEmpty)
  }

  private func refusal(_ bytes: [UInt8]) throws -> ArchiveError.Code? {
    do {
      _ = try ArchiveSample.read(bytes)
      return nil
    } catch let error as ArchiveError {
      return error.code
    }
  }

  /// A change of an archive of three events, resealed, and what a reader says to it.
  private struct Change: Sendable, CustomTestStringConvertible {
    var what: String
    var expected: ArchiveError.Code
    var isResealed = true
    var apply: @Sendable (inout [String]) -> Void

    var testDescription: String { what }

    /// In a line, one text for another.
    static func replacing(
      _ what: String, _ line: Int, _ old: String, _ new: String,
      _ expected: ArchiveError.Code = .malformed
    ) -> Change {
      Change(what: what, expected: expected) { lines in
        lines[line] = lines[line].replacing(old, with: new, maxReplacements: 1)
      }
    }
  }

  /// Who changes an archive makes its last line anew: then the leaf hashes and proofs tell.
  private static let changes: [Change] = [
    .replacing("another type", 2, #""error""#, #""errors""#, .leafMismatch),
    .replacing("another time", 2, "13:58.000000Z", "13:58.000001Z", .leafMismatch),
    .replacing("another recorder", 1, "user:ann", "user:bob", .leafMismatch),
    .replacing("another payload", 1, "JSYn", "JSYm", .leafMismatch),
    .replacing("another code", 1, #""0101"#, #""0102"#, .leafMismatch),
    .replacing("fewer redactions", 2, #"["card",1],"#, "", .leafMismatch),
    .replacing("another policy", 2, #""policy":3"#, #""policy":4"#, .leafMismatch),
    .replacing("no policy", 3, #"{"policy":0,"counts":[]}"#, "null", .leafMismatch),
    .replacing("another leaf hash", 1, "ee310542", "ee310543", .leafMismatch),
    .replacing("another root", 0, "3dbe75c0", "3dbe75c1", .proofMismatch),
    .replacing("another proof", 3, "044c02b0", "044c02b1", .proofMismatch),
    .replacing("no proof", 3, #"["044c02b0"#, #"[],"x":["044c02b0"#),
    .replacing("another length", 1, #""payload_length":8"#, #""payload_length":9"#),
    .replacing("another first time", 0, ".001000Z", ".001001Z", .headerMismatch),
    .replacing("another last time", 0, ".003000Z", ".003001Z", .headerMismatch),
    .replacing("no first time", 0, #""2023-11-14T22:16:40.001000Z""#, "null", .headerMismatch),
    .replacing("another version", 0, #"archive":1"#, #"archive":2"#, .unknownVersion),
    .replacing("a version that is no number", 0, #"archive":1"#, #"archive":"1""#),
    .replacing("another tenant", 0, "00112233", "00112234", .otherRecording),
    .replacing("another recording", 0, "01890a5d", "01890a5e", .otherRecording),
    .replacing("capitals in an id", 0, "aabbccddeeff", "AABBCCDDEEFF"),
    .replacing("capitals in a hash", 1, "ee310542", "EE310542"),
    .replacing("white space", 1, #""seq":1"#, #""seq": 1"#),
    .replacing("white space at the end", 1, #"T1BRUlNU"}"#, #"T1BRUlNU"} "#),
    .replacing("a carriage return", 1, #"T1BRUlNU"}"#, "T1BRUlNU\"}\r"),
    .replacing("an escape", 1, "operation_start", #"operation\u005fstart"#),
    .replacing("another offset", 1, "13:39.000000Z", "13:39.000000+00:00"),
    .replacing("a shorter time", 1, "13:39.000000Z", "13:39Z"),
    .replacing("minus zero", 3, #""policy":0"#, #""policy":-0"#),
    .replacing("a fraction", 1, #""seq":1"#, #""seq":1.0"#),
    .replacing("a number too large", 1, #""seq":1"#, #""seq":99999999999999999999"#),
    .replacing("a place that is none", 1, #""seq":1"#, #""seq":0"#),
    .replacing("another order", 1, #""seq":1,"#, ""),
    .replacing("an unknown member", 1, #""seq":1"#, #""x":1,"seq":1"#),
    .replacing("a member twice", 1, #""seq":1"#, #""seq":1,"seq":1"#),
    .replacing("a member of another kind", 1, #""operation_start""#, "[1]"),
    .replacing("no type", 1, #""operation_start""#, #""""#),
    .replacing("a short code", 1, #""0101"#, #""01"#),
    .replacing("no payload", 1, "JSYn", "@@@@"),
    .replacing("padding in a payload", 1, "T1BRUlNU", "T1BRUlNU===="),
    .replacing("not an object", 1, #"{"seq""#, #"["seq""#),
    .replacing("a byte order mark", 0, "{", "\u{FEFF}{"),
    .replacing("too many", 0, #""event_count":3"#, #""event_count":16777216"#),
    .replacing("less than none", 0, #""event_count":3"#, #""event_count":-1"#),
    .replacing("one fewer", 0, #""event_count":3"#, #""event_count":2"#, .proofMismatch),
    .replacing("one more", 0, #""event_count":3"#, #""event_count":4"#, .proofMismatch),
    .replacing("none", 0, #""event_count":3"#, #""event_count":0"#),
    Change(what: "an event is missing", expected: .outOfSequence) { $0.remove(at: 1) },
    Change(what: "the last one is", expected: .malformed) { $0.remove(at: 3) },
    Change(what: "one comes twice", expected: .outOfSequence) { $0.insert($0[1], at: 2) },
    Change(what: "two are swapped", expected: .outOfSequence) { $0.swapAt(1, 2) },
    Change(what: "an empty line", expected: .malformed) { $0.insert("", at: 1) },
    Change(what: "no first line", expected: .malformed) { $0.remove(at: 0) },
    Change(what: "nothing but the first line", expected: .malformed) { $0[1...3] = [] },
    Change(what: "no last line", expected: .truncated, isResealed: false) { $0.removeLast() },
    Change(what: "the last line twice", expected: .trailing, isResealed: false) {
      $0.append($0[4])
    },
    Change(what: "another count at the end", expected: .trailerMismatch, isResealed: false) {
      $0[4] = $0[4].replacing(#""events":3"#, with: #""events":2"#)
    },
    Change(what: "another digest at the end", expected: .trailerMismatch, isResealed: false) {
      $0[4] = $0[4].replacing(#""44a6"#, with: #""44a7"#)
    },
  ]

  @Test(arguments: changes) private func aChangeIsNoticed(_ change: Change) async throws {
    let lines = try await ArchiveSample(3).archive().bytes.archiveLines
    var changed = lines
    change.apply(&changed)
    #expect(changed != lines)
    #expect(try refusal(try changed.archive(resealed: change.isResealed)) == change.expected)
  }

  /// Who makes everything anew has made another archive: only the root that was promised tells.
  @Test func anArchiveThatWasMadeAnewHasAnotherRoot() async throws {
    let (real, forged) = (try ArchiveSample(3), try ArchiveSample(3) { _ in 5 })
    let roots = try await [real, forged].asyncRoots()
    #expect(roots[0] != roots[1])
  }

  @Test func anEndlessLineIsRefusedBeforeItsEnd() throws {
    var reader = try ArchiveReader(of: ArchiveSample.recording, of: ArchiveSample.tenant)
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    for _ in 0..<3 { try reader.read(piece) { _ in } }
    #expect(throws: ArchiveError(.lineTooLong, line: 1)) { try reader.read(piece) { _ in } }
  }

  @Test func anErrorNamesTheLineAndNothingOfIt() async throws {
    var lines = try await ArchiveSample(3).archive().bytes.archiveLines
    lines[2] = lines[2].replacing("error", with: "s3cr3t")
    let error = #expect(throws: ArchiveError.self) {
      _ = try ArchiveSample.read(try lines.archive())
    }
    #expect(error.map { "\($0)" } == "archive line 3: leaf_mismatch")
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    for bytes: [UInt8] in [[], [0x0A], [0xFF, 0x0A], [0x00, 0x0A], Array("null\n".utf8)] {
      #expect(try refusal(bytes) == (bytes.isEmpty ? .truncated : .malformed))
    }
  }
}

extension [ArchiveSample] {
  fileprivate func asyncRoots() async throws -> [[UInt8]] {
    var roots: [[UInt8]] = []
    for sample in self { roots.append(try await sample.archive().summary.header.merkleRoot) }
    return roots
  }
}
