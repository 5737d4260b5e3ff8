// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport

/// Many recordings at once, written into the tables: the tenant's only one, again and again.
struct RecordingCopies: Sendable {
  let tenant: Tenant
  /// How many there are then, with the one that is copied.
  let count: Int

  /// Makes them; each starts when the first one did.
  func make() async throws {
    try await write("select 1")
  }

  /// The same, each with a review that is due at once.
  func makeReviewed() async throws {
    try await write(
      """
      insert into hansard.reviews (tenant_id, review_id, recording_id, source, due_at)
      select tenant_id, gen_random_uuid(), recording_id, 'flag', now()
      from copies
      """)
  }

  private func write(_ last: String) async throws {
    try await tenant.deployment.withDatabase { database in
      _ = try await database.execute(
        Query(
          """
          with copies as (
            insert into hansard.canvas_recordings (
              tenant_id, id, recording_id, agent_id, user_id, reason, started_at,
              recording_metadata, expires_at, expires_on)
            select r.tenant_id, gen_random_uuid(), gen_random_uuid(), r.agent_id, r.user_id,
              r.reason, r.started_at, r.recording_metadata, r.expires_at, r.expires_on
            from hansard.canvas_recordings as r, generate_series(2, $2) as n
            where r.tenant_id = ($1::text)::uuid
            returning *
          ), progress as (
            insert into hansard.recording_progress (
              tenant_id, recording_id, closes_at, expires_on)
            select tenant_id, recording_id, expires_at, expires_on
            from copies
          )
          \(last)
          """, tenant.id, Int32(count)))
    }
  }
}
