// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension ArchiveStore {
  /// Reads a whole archive and verifies it, without any key: to be done before what it is of is destroyed.
  ///
  /// - Throws: `ArchiveError` unless it is in order, and what the store throws.
  package func verify(_ name: ArchiveName) async throws -> ArchiveSummary {
    try await read(name) { bytes in
      var reader = try ArchiveReader(of: name.recording, of: name.tenant)
      while let piece = try await bytes() { try reader.read(piece) { _ in } }
      return try reader.finish()
    }
  }

  /// A page of events after position `seq`. Reading stops where the page is full; what is in front of it is
  /// passed over. Its end may come before `limit` when payloads are large.
  package func events(
    of name: ArchiveName, afterSeq seq: Int64, limit: Int
  ) async throws -> ArchivePage {
    try await read(name) { bytes in
      var reader = try ArchiveReader(of: name.recording, of: name.tenant, afterSeq: max(0, seq))
      var page = EventCollector(limit: limit)
      while !page.isFull, !reader.isPast(seq), let piece = try await bytes() {
        try reader.read(piece) { page.add($0.stored) }
      }
      // What was cut off would otherwise be taken for the end.
      if !page.isFull, !reader.isPast(seq) { _ = try reader.finish() }
      let header = try reader.knownHeader()
      let last = page.events.last?.seq ?? header.eventCount
      return ArchivePage(events: page.events, isCut: last < header.eventCount, header: header)
    }
  }

  /// A page of the events behind `place` in order of time, then of position. The whole archive is read and
  /// verified for it; no more than a page of it is held.
  func replay(
    of name: ArchiveName, after place: ReplayPlace?, limit: Int
  ) async throws -> ArchivePage {
    try await read(name) { bytes in
      var reader = try ArchiveReader(of: name.recording, of: name.tenant)
      var page = ReplayCollector(after: place, limit: limit)
      while let piece = try await bytes() {
        try reader.read(piece) { page.add($0.stored) }
      }
      let header = try reader.finish().header
      return ArchivePage(events: page.events, isCut: page.isCut, header: header)
    }
  }

  /// Hands over all events after position `seq` in order, in pieces as they come, in one pass.
  ///
  /// - Throws: `ArchiveError` also behind the last event, when the archive turns out not to be in order.
  package func forEachPage(
    of name: ArchiveName, afterSeq seq: Int64, _ body: ([StoredEvent]) async throws -> Void
  ) async throws -> ArchiveSummary {
    try await read(name) { bytes in
      var reader = try ArchiveReader(of: name.recording, of: name.tenant, afterSeq: max(0, seq))
      while let piece = try await bytes() {
        var events: [StoredEvent] = []
        try reader.read(piece) { events.append($0.stored) }
        if !events.isEmpty { try await body(events) }
      }
      return try reader.finish()
    }
  }
}

extension ArchiveReader {
  /// Whether there is known to be nothing behind a position.
  fileprivate func isPast(_ seq: Int64) -> Bool { header.map { $0.eventCount <= seq } ?? false }

  /// The header, of whose events at least one was asked for.
  fileprivate func knownHeader() throws(ArchiveError) -> ArchiveHeader {
    guard let header else { throw ArchiveError(.truncated, line: 1) }
    return header
  }
}
