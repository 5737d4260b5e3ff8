// Hansard
// SPDX-License-Identifier: Apache-2.0

import Ledger
import Postgres
import Protection

/// Writes an archive: events in, bytes out, in the form that `ArchiveFormat` describes.
///
/// The same events make the same bytes. Nothing is written that a reader would refuse: each event is compared
/// with its leaf hash, and each leaf hash with the first pass, so that damage in the database is found before
/// anything is destroyed for being archived.
package struct ArchiveWriter {
  /// What the first line says.
  package let header: ArchiveHeader
  private let tiles: MerkleTiles.Sealed
  private let digest: RunningSHA256
  private var byteCount: Int64 = 0
  /// The event before the next one.
  private var seq: Int64 = 0
  /// Leaves and proofs of the tile that is being written.
  private var leaves: [[UInt8]] = []
  private var paths: [[[UInt8]]] = []

  init(_ header: ArchiveHeader, tiles: MerkleTiles.Sealed) throws {
    self.header = header
    self.tiles = tiles
    digest = try RunningSHA256()
  }

  /// The first line.
  package mutating func begin() throws -> [UInt8] {
    guard header.firstRecordedAt.isWritable, header.lastRecordedAt.isWritable else {
      throw mismatch
    }
    return try count(ArchiveFormat.line(header))
  }

  /// What `beginTile` must be given before the next event: leaves behind which `seq`, and how many. Nil while
  /// the tile that was begun has more events, and behind the last one.
  package var nextTile: (afterSeq: Int64, count: Int)? {
    guard leaves.isEmpty, seq < header.eventCount else { return nil }
    return (seq, tiles.leaves(ofTile: nextTileIndex).count)
  }

  /// How many more events the tile has that was begun.
  package var eventsLeftInTile: Int { leaves.isEmpty ? 0 : leaves.count - Int(seq) % tiles.width }

  private var nextTileIndex: Int { Int(seq) / tiles.width }

  /// Makes the proofs of the next tile.
  package mutating func beginTile(_ leaves: [[UInt8]]) throws {
    do {
      paths = try tiles.paths(ofTile: nextTileIndex, leaves: leaves)
    } catch LedgerError.leavesDiffer {
      throw mismatch
    }
    self.leaves = leaves
  }

  /// The line of the next event.
  package mutating func add(_ event: ArchivedEvent) throws -> [UInt8] {
    let place = Int(seq) % tiles.width
    guard event.stored.seq == seq + 1, leaves.indices.contains(place), !paths.isEmpty else {
      throw mismatch
    }
    let hash = try event.attestedHash(in: header.recording, of: header.tenant)
    guard hash == event.stored.leafHash, hash == leaves[place], event.isWritable else {
      throw mismatch
    }
    let line = ArchiveFormat.line(event, proof: paths[place])
    guard line.count <= ArchiveFormat.maximumLineBytes else { throw mismatch }
    seq += 1
    if place + 1 == leaves.count { (leaves, paths) = ([], []) }
    return try count(line)
  }

  /// The last line, and what was written altogether; once.
  package mutating func finish() throws -> (line: [UInt8], summary: ArchiveSummary) {
    guard seq == header.eventCount else { throw mismatch }
    let sha256 = try digest.finish()
    let line = ArchiveFormat.line(events: seq, sha256: sha256)
    byteCount += Int64(line.count)
    return (line, ArchiveSummary(header: header, byteCount: byteCount, sha256: sha256))
  }

  private mutating func count(_ line: [UInt8]) throws -> [UInt8] {
    try digest.update(line)
    byteCount += Int64(line.count)
    return line
  }

  /// Of the line that was to come.
  private var mismatch: ArchiveError { ArchiveError(.sourceMismatch, line: seq + 2) }
}

extension ArchivedEvent {
  /// Whether its times can be written so that they are read as the same.
  fileprivate var isWritable: Bool {
    stored.occurredAt.isInFourDigitYears && stored.recordedAt.isInFourDigitYears
      && (redactionPolicy != nil || stored.redactions.isEmpty)
  }
}

extension Timestamp? {
  fileprivate var isWritable: Bool { self?.isInFourDigitYears ?? true }
}
