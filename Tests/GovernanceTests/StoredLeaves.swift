// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// The leaf hashes that `Ledger` computes from the columns of the events.
enum StoredLeaves {
  /// Compares each stored leaf hash of a recording with the computed one; returns them in order.
  static func check(_ recording: RecordingID) async throws -> [[UInt8]] {
    let connection = try await TestDatabase.current.connect(role: "postgres")
    let rows = try await connection.execute(Query(events, recording.uuid))
    await connection.close()
    return try rows.map { row in
      let leaf = try StoredLeaf(row)
      #expect(leaf.computed == leaf.stored)
      return leaf.stored
    }
  }

  private static let events = """
    select \(StoredLeaf.columns)
    from hansard.recording_events
    where recording_id = $1
    order by seq
    """
}
