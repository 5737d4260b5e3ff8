// Hansard
// SPDX-License-Identifier: Apache-2.0

import Ledger
import Postgres

/// What a decision was made on: whatever of it changes makes the decision stale.
struct DecisionBasis: Sendable {
  /// How many events there were.
  let events: Int64
  /// The Merkle root over their leaf hashes, 32 bytes.
  let root: [UInt8]
  /// When anything else of the recording was changed last.
  let recordingAt: Timestamp

  /// Reads the leaf hashes of a recording whose counters are locked, page by page.
  init(
    _ found: StoredRecording, of tenant: TenantID, in transaction: PostgresTransaction
  ) async throws {
    var tree = MerkleTree()
    do {
      while tree.count < Int(found.counts.events) {
        let leaves = try await transaction.execute(
          .leaves(of: found.recording.id, of: tenant, on: found.partitionDay, after: tree.count))
        guard !leaves.isEmpty else {
          throw DomainError(.integrityFailure, "Events are missing.")
        }
        for row in leaves { try tree.append(try row.decode(0)) }
      }
      root = try tree.root()
    } catch let error as LedgerError {
      throw DomainError(.internalError, "ledger: \(error)")
    }
    events = found.counts.events
    recordingAt = found.recording.updatedAt
  }
}
