// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// What an archive is of, as its first line says.
package struct ArchiveHeader: Sendable, Equatable {
  package var tenant: TenantID
  package var recording: RecordingID
  /// How many events follow.
  package var eventCount: Int64
  /// The Merkle root over their leaf hashes, 32 bytes; of no events, SHA-256 of nothing.
  package var merkleRoot: [UInt8]
  /// When the first one was recorded; nil where there is none.
  package var firstRecordedAt: Timestamp?
  /// When the last one was.
  package var lastRecordedAt: Timestamp?
}

/// An archive that was written, or read to its end and found in order.
package struct ArchiveSummary: Sendable, Equatable {
  package var header: ArchiveHeader
  /// How long it is.
  package var byteCount: Int64
  /// SHA-256 of all lines but the last, as that says.
  package var sha256: [UInt8]
}
