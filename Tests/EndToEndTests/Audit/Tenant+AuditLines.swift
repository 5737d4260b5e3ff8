// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Tenant {
  /// The requests that the audit log's lines name, in the order of the lines.
  ///
  /// - Parameter outcome: `allowed` or `refused`; nil: of both.
  func auditLines(_ outcome: String? = nil) async throws -> [String] {
    try await deployment.withDatabase { database in
      try await database.execute(
        Query(
          """
          select request_id::text
          from hansard.canvas_audit
          where tenant_id = ($1::text)::uuid
            and ($2::text is null or outcome = $2)
          order by occurred_at, audit_id
          """, id, outcome)
      ).map { try $0.decode(0) }
    }
  }
}
