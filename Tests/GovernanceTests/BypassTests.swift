// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Governance

/// With the emergency switch everybody may do everything within their tenant, and it shows.
@Suite(.serialized, .database)
struct BypassTests {
  @Test func everythingIsAllowedAndMarkedButTenantsStayApart() async throws {
    let bypass = Adjustment { $0.bypassesGovernance = true }
    try await Fixture.run(with: bypass) { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      _ = try await recordings.find(id, by: acme.bob)
      _ = try await recordings.replay(of: id, limit: .standard, cursor: nil, by: acme.recorder)
      _ = try await recordings.append([.of()], to: id, by: acme.auditor)
      let foreign = try await refusal { try await recordings.find(id, by: fixture.globex.admin) }
      #expect(foreign == .notFound)
      let marks = try await TestDatabase.current.psql(
        """
        select distinct audit_metadata ->> 'emergency_bypass' from hansard.canvas_audit
        """)
      #expect(marks == "true\n")
    }
  }

  @Test func withoutItNothingIsMarked() async throws {
    try await Fixture.run { fixture in
      let id = try await fixture.recordings.started(by: fixture.acme)
      let code = try await refusal {
        try await fixture.recordings.find(id, by: fixture.acme.recorder)
      }
      #expect(code == .forbidden)
      let marks = try await TestDatabase.current.psql(
        "select count(*) from hansard.canvas_audit where audit_metadata ? 'emergency_bypass'")
      #expect(marks == "0\n")
    }
  }
}
