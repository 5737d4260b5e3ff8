// Hansard
// SPDX-License-Identifier: Apache-2.0

import Ledger
import Postgres

/// What a decision is made on: whatever of it changes makes the decision stale.
struct DecisionBasis: Sendable {
  /// How many events there are.
  let events: Int64
  /// The Merkle root over their leaf hashes, 32 bytes.
  let root: [UInt8]
  /// When anything else of the recording was changed last.
  let recordingAt: Timestamp

  /// Locks the recording's counters and reads what it is then.
  ///
  /// The leaf hashes that are there already are read before: an append that waited for all of them
  /// would hold up everybody else's in its lane.
  init(
    of id: RecordingID, _ caller: Caller, in transaction: PostgresTransaction
  ) async throws {
    var tree = MerkleTree()
    let before = try await Recordings.load(id, in: transaction, caller, .unlocked).value
    try await tree.grow(to: before, caller, in: transaction)
    _ = try await Recordings.load(id, in: transaction, caller, .locked)
    // A statement of its own: the one that waited for the lock saw the recording as it was before.
    let found = try await Recordings.load(id, in: transaction, caller, .unlocked).value
    events = found.counts.events
    recordingAt = found.recording.updatedAt
    if let archived = try await Self.archivedRoot(of: found, caller, in: transaction) {
      root = archived
      return
    }
    try await tree.grow(to: found, caller, in: transaction)
    guard Int64(tree.count) == found.counts.events else {
      throw DomainError(.integrityFailure, "Events are missing.")
    }
    do {
      root = try tree.root()
    } catch {
      throw DomainError(ledger: error)
    }
  }

  /// The root of one whose events are not in the database any more.
  private static func archivedRoot(
    of found: StoredRecording, _ caller: Caller, in transaction: PostgresTransaction
  ) async throws -> [UInt8]? {
    guard found.recording.storageURL != nil else { return nil }
    let rows = try await transaction.execute(
      .eventPlace(of: found.recording.id, of: caller.tenant))
    return try rows.first.flatMap { try EventPlace($0).archive?.root }
  }
}

extension MerkleTree {
  /// Adds the leaves that are missing, page by page; fewer where they are moved elsewhere meanwhile.
  fileprivate mutating func grow(
    to found: StoredRecording, _ caller: Caller, in transaction: PostgresTransaction
  ) async throws {
    while count < Int(found.counts.events) {
      let leaves = try await transaction.execute(
        .leaves(
          of: found.recording.id, of: caller.tenant, on: found.partitionDay, after: count,
          upTo: found.counts.events))
      if leaves.isEmpty { return }
      for row in leaves {
        let leaf = try row.decode(0, as: [UInt8].self)
        do {
          try append(leaf)
        } catch {
          throw DomainError(ledger: error)
        }
      }
    }
  }
}

extension DomainError {
  init(ledger error: LedgerError) {
    self.init(.internalError, "ledger: \(error)")
  }
}
