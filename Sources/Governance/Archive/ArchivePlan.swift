// Hansard
// SPDX-License-Identifier: Apache-2.0

import Ledger
package import Postgres

/// The leaf hash of an event, and when it was recorded: what is asked for before the events themselves.
package struct ArchiveLeaf: Sendable {
  /// 32 bytes.
  package var hash: [UInt8]
  package var recordedAt: Timestamp

  /// Takes both.
  package init(hash: [UInt8], recordedAt: Timestamp) {
    self.hash = hash
    self.recordedAt = recordedAt
  }
}

/// The first pass over a recording that is archived: its leaf hashes, of which 32 bytes for each 1024 are kept.
package struct ArchivePlan: Sendable {
  /// Whose archive it will be.
  package let tenant: TenantID
  /// Of which recording.
  package let recording: RecordingID
  private var tiles = MerkleTiles()
  private var first: Timestamp?
  private var last: Timestamp?

  /// Nothing yet.
  package init(of recording: RecordingID, of tenant: TenantID) {
    self.tenant = tenant
    self.recording = recording
  }

  /// How many leaves there are: the `seq` of the last one.
  package var count: Int64 { Int64(tiles.count) }

  /// Takes the next leaf.
  package mutating func add(_ leaf: ArchiveLeaf) throws {
    guard count < ArchiveFormat.maximumEvents else {
      throw ArchiveError(.sourceMismatch, line: count + 2)
    }
    try tiles.append(leaf.hash)
    first = first ?? leaf.recordedAt
    last = leaf.recordedAt
  }

  /// The second pass.
  package func writer() throws -> ArchiveWriter {
    let sealed = try tiles.sealed()
    return try ArchiveWriter(
      ArchiveHeader(
        tenant: tenant, recording: recording, eventCount: count, merkleRoot: sealed.root,
        firstRecordedAt: first, lastRecordedAt: last),
      tiles: sealed)
  }
}
