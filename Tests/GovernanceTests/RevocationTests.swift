// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct RevocationTests {
  @Test func aRevokedKeyDoesNothingMoreThoughItIsStillRemembered() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme, hansard) = (fixture.recordings, fixture.acme, fixture.hansard)
      let (caller, text) = try await Party.caller(
        .admin, user: "ann", by: acme.operatorCaller, in: hansard)
      let id = try await recordings.start(.by(), by: caller).id
      try await recordings.appendOne(.of(), to: id, by: caller)
      #expect(try await hansard.authenticator.authenticate(bearer: text) == caller.principal)
      let key = try #require(caller.principal.key)
      let revoked = try await hansard.keys.revoke(key, by: acme.admin)
      #expect(revoked.revokedAt != nil)
      let before = try await Self.rows()
      // Authenticated from memory, the key is refused by the transaction of whatever it asks for.
      #expect(try await hansard.authenticator.authenticate(bearer: text) == caller.principal)
      try await Self.everythingIsUnauthenticated(id, caller, hansard)
      #expect(try await Self.rows() == before)
      hansard.authenticator.forget(key)
      let code = try await refusal { try await hansard.authenticator.authenticate(bearer: text) }
      #expect(code == .unauthenticated)
      let again = try await hansard.keys.revoke(key, by: acme.operatorCaller)
      #expect(again.revokedAt == revoked.revokedAt)
    }
  }

  @Test func aKeyEndsWithItsExpiry() async throws {
    try await Fixture.run { fixture in
      let (acme, hansard) = (fixture.acme, fixture.hansard)
      let (caller, text) = try await Party.caller(
        .admin, user: "ann", expiresAt: Timestamp.now().adding(days: 1), by: acme.operatorCaller,
        in: hansard)
      let id = try await hansard.recordings.start(.by(), by: caller).id
      try await hansard.recordings.appendOne(.of(), to: id, by: caller)
      _ = try await hansard.authenticator.authenticate(bearer: text)
      try await TestDatabase.current.psql(
        "update hansard.api_keys set expires_at = now() where expires_at is not null")
      try await Self.everythingIsUnauthenticated(id, caller, hansard)
    }
  }

  private static func everythingIsUnauthenticated(
    _ id: RecordingID, _ caller: Caller, _ hansard: Hansard
  ) async throws {
    let recordings = hansard.recordings
    let codes = [
      try await refusal { try await recordings.append([.of()], to: id, by: caller) },
      try await refusal { try await recordings.append([.of()], to: .make(), by: caller) },
      try await refusal { try await recordings.start(.by(), by: caller) },
      try await refusal { try await recordings.startAutomatically(.by(), by: caller) },
      try await refusal {
        try await recordings.stop(id, status: .failed, summary: nil, by: caller)
      },
      try await refusal { try await recordings.find(id, by: caller) },
      try await refusal { try await recordings.find(.make(), by: caller) },
      try await refusal {
        try await recordings.events(of: id, afterSeq: 0, limit: .standard, by: caller)
      },
      try await refusal {
        try await recordings.replay(of: id, limit: .standard, cursor: nil, by: caller)
      },
      try await refusal {
        try await recordings.list(.init(), limit: .standard, cursor: nil, by: caller)
      },
      try await refusal { try await recordings.flag(id, reason: .reason("x"), by: caller) },
      try await refusal { try await hansard.agents.list(by: caller) },
      try await refusal { try await hansard.keys.list(by: caller) },
    ]
    #expect(codes == Array(repeating: .unauthenticated, count: codes.count))
    // Nor does a refusal by the policy tell it anything.
    let foreign = Caller(
      principal: Principal(
        tenant: caller.tenant, key: caller.principal.key, role: .auditor, user: nil, agent: nil),
      request: .make())
    let refused = try await refusal { try await recordings.start(.by(), by: foreign) }
    #expect(refused == .unauthenticated)
  }

  private static func rows() async throws -> String {
    try await TestDatabase.current.psql(
      """
      select (select count(*) from hansard.recording_events),
        (select count(*) from hansard.canvas_recordings),
        (select count(*) from hansard.recording_flags),
        (select count(*) from hansard.canvas_audit)
      """)
  }

  @Test func onlyTheRightSecretAuthenticates() async throws {
    try await Fixture.run { fixture in
      let hansard = fixture.hansard
      let (caller, text) = try await Party.caller(
        .recorder, agent: "bot", by: fixture.acme.operatorCaller, in: hansard)
      #expect(try await hansard.authenticator.authenticate(bearer: text) == caller.principal)
      let last = text.last == "A" ? "B" : "A"
      let strangers = [
        text.dropLast() + last, "hsd_00000000000000000000000000000000_" + text.suffix(43),
        "", " \(text)", text + " ", text.uppercased(),
      ]
      for stranger in strangers {
        let code = try await refusal {
          try await hansard.authenticator.authenticate(bearer: String(stranger))
        }
        #expect(code == .unauthenticated)
      }
      let stored = try await TestDatabase.current.pgDump(schemaOnly: false)
      #expect(!stored.contains(text.suffix(43)))
    }
  }
}
