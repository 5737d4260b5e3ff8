// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ledger
import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// A recording that is the same each time, whose payloads are any bytes: nobody opens them here.
struct ArchiveSample: Sendable {
  static let tenant = TenantID("00112233-4455-6677-8899-aabbccddeeff") ?? .make()
  static let recording = RecordingID("01890a5d-ac96-774b-bcce-b302099a8057") ?? .make()
  static let name = ArchiveName(recording, of: tenant)

  var events: [ArchivedEvent]

  /// - Parameter length: how long the payload of an event is in clear, by its `seq`.
  init(_ count: Int, length: (Int64) -> Int = { 1 + Int($0 * 7 % 20) }) throws {
    events = try (0..<count).map { index in
      let seq = Int64(index + 1)
      return try Self.event(seq, payload: Self.payload(seq, length(seq)))
    }
  }

  private static func payload(_ seq: Int64, _ length: Int) -> [UInt8] {
    (0..<length + XAES256GCM.overhead).map { UInt8(truncatingIfNeeded: Int(seq) * 37 + $0) }
  }

  static func event(_ seq: Int64, payload: [UInt8]) throws -> ArchivedEvent {
    let types = ["operation_start", "error", "operation_complete"]
    let tail = UInt64(bitPattern: seq) | 1 << 63
    let id = recording.uuid.bytes.prefix(8) + withUnsafeBytes(of: tail.bigEndian) { Array($0) }
    var event = ArchivedEvent(
      stored: StoredEvent(
        id: EventID(UUID(sixteenBytes: id[...])), seq: seq, type: types[Int(seq - 1) % 3],
        occurredAt: Timestamp(microseconds: 1_700_000_000_000_000 + seq * 7919 % 100 * 1_000_000),
        recordedAt: Timestamp(microseconds: 1_700_000_200_000_000 + seq * 1000),
        leafHash: [], payload: payload, redactions: []),
      recordedBy: seq.isMultiple(of: 2) ? "key:01890a5d-ac96-774b-bcce-b302099a8058" : "user:ann",
      contentMAC: [UInt8](repeating: UInt8(truncatingIfNeeded: seq), count: 32),
      redactionPolicy: [0, nil, 3][Int(seq % 3)])
    if seq % 3 == 2 {
      event.stored.redactions = [
        .init(family: "card", count: 1), .init(family: "github_token", count: Int(seq)),
      ]
    }
    event.stored.leafHash = try event.attestedHash(in: recording, of: tenant)
    return event
  }

  /// As a database would hand it over.
  var source: ArchiveSource {
    ArchiveSource(
      leaves: { [events] seq, limit in
        events.dropFirst(Int(seq)).prefix(limit).map {
          ArchiveLeaf(hash: $0.stored.leafHash, recordedAt: $0.stored.recordedAt)
        }
      },
      events: { [events] seq, limit in Array(events.dropFirst(Int(seq)).prefix(min(limit, 7))) })
  }

  /// The archive, and what was said of it.
  func archive() async throws -> (bytes: [UInt8], summary: ArchiveSummary) {
    var bytes: [UInt8] = []
    let summary = try await source.write(Self.recording, of: Self.tenant) { bytes += $0 }
    return (bytes, summary)
  }

  /// Reads an archive of the sample to its end, in pieces of at most `size` bytes.
  static func read(
    _ bytes: [UInt8], afterSeq seq: Int64 = 0, inPiecesOf size: Int = .max
  ) throws -> (events: [ArchivedEvent], summary: ArchiveSummary) {
    var reader = try ArchiveReader(of: recording, of: tenant, afterSeq: seq)
    var (events, rest): ([ArchivedEvent], ArraySlice<UInt8>) = ([], bytes[...])
    while !rest.isEmpty {
      try reader.read(Array(rest.prefix(size))) { events.append($0) }
      rest = rest.dropFirst(size)
    }
    return (events, try reader.finish())
  }
}

/// Lines as texts, to change an archive by.
extension [UInt8] {
  var archiveLines: [String] {
    String(decoding: self, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

extension [String] {
  /// The archive of these lines, the last of which is made anew for what is before it: what somebody would do
  /// who wants a change to go unnoticed.
  func archive(resealed: Bool = true) throws -> [UInt8] {
    guard resealed else { return Array<UInt8>(map { $0 + "\n" }.joined().utf8) }
    let body = Array<UInt8>(dropLast().map { $0 + "\n" }.joined().utf8)
    return try body + ArchiveFormat.line(events: Int64(count - 2), sha256: SHA256.hash(body))
  }
}
