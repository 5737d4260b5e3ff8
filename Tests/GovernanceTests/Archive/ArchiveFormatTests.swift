// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

@Suite struct ArchiveFormatTests {
  /// Made by a program of its own, in another language, from what `ArchiveFormat` and `EventEntry` say.
  private func versionOne() throws -> [UInt8] {
    Array(
      try Data(
        contentsOf: URL(
          fileURLWithPath: try ProjectFiles.root() + "/Tests/Vectors/archive-v1.ndjson")))
  }

  @Test func writesVersionOne() async throws {
    let (bytes, summary) = try await ArchiveSample(3).archive()
    #expect(try bytes == versionOne())
    #expect(summary.byteCount == Int64(bytes.count))
    #expect(
      Hexadecimal.text(of: summary.header.merkleRoot)
        == "3dbe75c053b9f6333183083823b6c38568beb8bac50b465d27e9a8714bf4de6d")
  }

  @Test func readsVersionOne() throws {
    let (events, summary) = try ArchiveSample.read(try versionOne())
    let expected = try ArchiveSample(3).events
    #expect(events.map(Facts.init) == expected.map(Facts.init))
    #expect(summary.header.eventCount == 3)
    #expect(summary.header.firstRecordedAt == expected[0].stored.recordedAt)
    #expect(summary.header.lastRecordedAt == expected[2].stored.recordedAt)
  }

  /// Over one tile and several, and over none.
  @Test(arguments: [0, 1, 2, 8, 1024, 1025])
  func readsWhatItWrites(count: Int) async throws {
    let sample = try ArchiveSample(count)
    let (bytes, summary) = try await sample.archive()
    let (events, found) = try ArchiveSample.read(bytes, inPiecesOf: 4096)
    #expect(events.map(Facts.init) == sample.events.map(Facts.init))
    #expect(found == summary)
  }

  @Test(arguments: [1, 2, 3, 7, 100, 1000]) func readsPiecesOfAnySize(size: Int) async throws {
    let (bytes, summary) = try await ArchiveSample(5).archive()
    #expect(try ArchiveSample.read(bytes, inPiecesOf: size).summary == summary)
  }

  /// A line of the largest event that there can be.
  @Test func takesTheLargestEvent() async throws {
    let sample = try ArchiveSample(1) { _ in ArchiveFormat.maximumPayloadLength }
    let (bytes, summary) = try await sample.archive()
    let found = try ArchiveSample.read(bytes, inPiecesOf: 1 << 20)
    #expect(found.summary == summary)
    #expect(found.events.map(\.stored.payload) == sample.events.map(\.stored.payload))
  }

  @Test func passesOverWhatIsNotAskedFor() async throws {
    let (bytes, summary) = try await ArchiveSample(9).archive()
    for seq in 0...10 {
      let (events, found) = try ArchiveSample.read(bytes, afterSeq: Int64(seq))
      #expect(events.map(\.stored.seq) == (1...9).filter { $0 > seq })
      #expect(found == summary)
    }
  }

  /// Nothing that a person wrote is in it; and what opens it neither.
  @Test func saysNothingElseInClear() async throws {
    let (bytes, _) = try await ArchiveSample(1).archive()
    let members = try bytes.archiveLines.map { line in
      try JSONDocument(parsing: Array(line.utf8)).root.members.map(\.key)
    }
    #expect(
      members == [
        [
          "hansard_archive", "tenant_id", "recording_id", "event_count", "merkle_root",
          "first_recorded_at", "last_recorded_at",
        ],
        [
          "seq", "event_id", "event_type", "occurred_at", "recorded_at", "recorded_by",
          "payload_length", "content_mac", "redaction", "leaf_hash", "proof", "payload",
        ],
        ["events", "sha256"],
      ])
  }

  /// What a writer is given that is not one recording in order, as it was acknowledged.
  @Test func writesNothingThatItWouldNotRead() async throws {
    let changes: [(String, @Sendable (inout [ArchivedEvent]) throws -> Void)] = [
      ("one is missing", { $0.remove(at: 1) }),
      ("two are swapped", { $0.swapAt(1, 2) }),
      ("one comes twice", { $0.insert($0[1], at: 2) }),
      ("a payload is another", { $0[1].stored.payload[30] ^= 1 }),
      ("a type is", { $0[1].stored.type = "other" }),
      ("a time is", { $0[1].stored.occurredAt.microseconds += 1 }),
      ("a name is", { $0[1].recordedBy = "user:bob" }),
      ("a count is", { $0[1].stored.redactions[0] = .init(family: "card", count: 2) }),
      (
        "a time cannot be written",
        {
          $0[1].stored.occurredAt = .infinity
          $0[1].stored.leafHash = try $0[1].attestedHash(
            in: ArchiveSample.recording, of: ArchiveSample.tenant)
        }
      ),
    ]
    for (what, change) in changes {
      var sample = try ArchiveSample(5)
      try change(&sample.events)
      let error = await #expect(throws: ArchiveError.self, "\(what)") {
        _ = try await sample.archive()
      }
      #expect(error?.code == .sourceMismatch, "\(what)")
    }
  }

  /// The leaves were asked for before the events: whatever changes in between is noticed.
  @Test func noticesWhatChangesBetweenThePasses() async throws {
    let (sample, other) = (try ArchiveSample(5), try ArchiveSample(5) { _ in 3 })
    for events in [other.events, Array(sample.events[..<4]), []] {
      var source = sample.source
      source.events = { seq, limit in Array(events.dropFirst(Int(seq)).prefix(limit)) }
      await #expect(throws: ArchiveError.self) {
        _ = try await source.write(ArchiveSample.recording, of: ArchiveSample.tenant) { _ in }
      }
    }
  }
}

/// Everything about an event, to compare.
private struct Facts: Equatable {
  var texts: [String]
  var bytes: [[UInt8]]
  var numbers: [Int64]
  var redactions: [Redaction.Count]

  init(_ event: ArchivedEvent) {
    texts = ["\(event.stored.id)", event.stored.type, event.recordedBy]
    bytes = [event.stored.leafHash, event.stored.payload, event.contentMAC]
    numbers = [
      event.stored.seq, event.stored.occurredAt.microseconds, event.stored.recordedAt.microseconds,
      Int64(event.redactionPolicy ?? -1),
    ]
    redactions = event.stored.redactions
  }
}
