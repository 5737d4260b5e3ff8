// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Testing

@testable import Governance

extension IsolationSuite {
  /// What the owner's functions answer of erasures of all tenants: each tenant has erased a recording, and has
  /// recordings and a recovery session whose keys are there.
  func erasureAnswers() async throws -> [(what: String, found: Int64?, expected: Int64)] {
    let keys = try await keysOfBoth()
    try await run("set local role hansard_retention")
    let waiting = try await number(
      "select count(segment_count) * 10 + sum(waiting)::bigint from hansard.erasure_log_state()")
    let tenants = "array['\(tenant)', '\(stranger)']::uuid[]"
    let none = "array[null, null]::uuid[]"
    let recordings = try await number(
      """
      select count(*) from hansard.surviving_erasures(
        \(tenants), array[\(keys.map { "'\($0.recording)'" }.joined(separator: ", "))]::uuid[],
        array[\(keys.map { "'\\x\($0.commitment)'" }.joined(separator: ", "))]::bytea[], \(none))
      """)
    let zeros = "decode(repeat('00', 32), 'hex')"
    let sessions = try await number(
      """
      select count(*) from hansard.surviving_erasures(
        \(tenants), \(none), array[\(zeros), \(zeros)], \(none))
      """)
    try await run("set local role hansard_service")
    return [
      ("no erasure waits for the log", waiting, 12),
      ("no key of a recording survives", recordings, 2),
      ("no key of a recovery session survives", sessions, 2),
    ]
  }

  private func keysOfBoth() async throws -> [(recording: String, commitment: String)] {
    try await run("savepoint keys")
    try await run("reset role")
    var keys: [(recording: String, commitment: String)] = []
    for owner in [tenant, stranger] {
      let rows = try await connection.execute(
        Query(
          """
          select recording_id::text, encode(commitment, 'hex') from hansard.recording_keys
          where tenant_id = '\(owner)' limit 1
          """, prepared: false))
      let row = try #require(rows.first)
      keys.append((try row.decode(0), try row.decode(1)))
    }
    try await run("rollback to keys")
    return keys
  }
}
