// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Governance

/// What a token's user is to the domain, once somebody has checked the token.
@Suite(.serialized, .database)
struct TokenPrincipalTests {
  /// Takes the tokens that it was told of.
  private final class Door: Sendable {
    private let identities = Mutex<[String: TokenIdentity]>([:])

    func admit(
      _ token: String, _ tenant: TenantID, _ user: String = "zoe", _ role: Role = .member,
      issuer: String = "https://id.example"
    ) throws -> TokenIdentity {
      let identity = TokenIdentity(
        issuer: issuer, tenant: tenant, user: try #require(UserID(user)), role: role)
      identities.withLock { $0[token] = identity }
      return identity
    }

    var adjustment: Adjustment {
      Adjustment { settings in
        settings.verifyToken = { token in self.identities.withLock { $0[token] } }
      }
    }
  }

  private static func run(_ body: (Fixture, Door) async throws -> Void) async throws {
    let door = Door()
    try await Fixture.run(with: door.adjustment) { fixture in try await body(fixture, door) }
  }

  private static func caller(_ token: String, _ hansard: Hansard) async throws -> Caller {
    Caller(
      principal: try await hansard.authenticator.authenticate(bearer: token), request: .make())
  }

  @Test func itsUserAppearsAtFirstSight() async throws {
    try await Self.run { fixture, door in
      let identity = try door.admit("t", fixture.acme.tenant)
      let principal = try await fixture.hansard.authenticator.authenticate(bearer: "t")
      #expect(principal.tenant == fixture.acme.tenant)
      #expect(principal.key == (try identity.entry))
      #expect(principal.user == identity.user && principal.role == .member)
      #expect(principal.agent == nil && principal.actor == "user:zoe")
      let user = try await fixture.hansard.users.find(identity.user, by: fixture.acme.admin)
      #expect(!user.isRegistered)
      // The entry is behind every key, in order of the ids.
      let entry = try #require(try await fixture.hansard.keys.list(by: fixture.acme.admin).last)
      #expect(entry.id == (try identity.entry) && entry.role == .member)
      #expect(entry.user == identity.user && entry.name == "tokens of https://id.example")
      // A second time, and on another instance, nothing is added.
      _ = try await fixture.hansard.authenticator.authenticate(bearer: "t")
      let count = try await fixture.hansard.keys.list(by: fixture.acme.admin).count
      try await fixture.withTwin { twin in
        let again = try await twin.authenticator.authenticate(bearer: "t")
        #expect(again == principal)
      }
      #expect(try await fixture.hansard.keys.list(by: fixture.acme.admin).count == count)
    }
  }

  @Test func manyAtOnceAreOne() async throws {
    try await Self.run { fixture, door in
      _ = try door.admit("t", fixture.acme.tenant)
      let hansard = fixture.hansard
      let principals = try await withThrowingTaskGroup(of: Principal.self) { group in
        for _ in 0..<50 {
          group.addTask { try await hansard.authenticator.authenticate(bearer: "t") }
        }
        return try await group.reduce(into: Set<Principal>()) { $0.insert($1) }
      }
      #expect(principals.count == 1)
    }
  }

  @Test func anUnknownTenantIsNobody() async throws {
    try await Self.run { fixture, door in
      _ = try door.admit("t", .make())
      let before = try await TestDatabase.current.psql("select count(*) from hansard.users")
      let refused = try await refusal {
        try await fixture.hansard.authenticator.authenticate(bearer: "t")
      }
      #expect(refused == .unauthenticated)
      let after = try await TestDatabase.current.psql("select count(*) from hansard.users")
      #expect(after == before)
      let unknown = try await refusal {
        try await fixture.hansard.authenticator.authenticate(bearer: "another")
      }
      #expect(unknown == .unauthenticated)
    }
  }

  @Test func isAPrincipalOfItsOwnForIssuerUserAndRole() throws {
    let door = Door()
    let tenant = TenantID.make()
    let identities = [
      try door.admit("1", tenant), try door.admit("2", tenant, "yan"),
      try door.admit("3", tenant, "zoe", .admin), try door.admit("4", .make()),
      try door.admit("5", tenant, issuer: "https://other.example"),
    ]
    #expect(Set(try identities.map { try $0.entry }).count == identities.count)
    #expect(try door.admit("6", tenant).entry == identities[0].entry)
    #expect(try identities[0].entry.isOfTokens)
    #expect(!KeyID.make().isOfTokens)
  }

  @Test func doesWhatItsRoleMayAndIsAudited() async throws {
    try await Self.run { fixture, door in
      _ = try door.admit("t", fixture.acme.tenant)
      let zoe = try await Self.caller("t", fixture.hansard)
      let id = try await fixture.recordings.start(.by(user: nil), by: zoe).id
      let receipts = try await fixture.recordings.append([.of(), .of()], to: id, by: zoe)
      #expect(receipts.map(\.seq) == [1, 2])
      let foreign = try await fixture.recordings.start(.by(), by: fixture.acme.admin).id
      let refused = try await refusal { try await fixture.recordings.find(foreign, by: zoe) }
      #expect(refused == .forbidden)
      let lines = try await TestDatabase.current.psql(
        """
        select actor, actor_role, key_id = '\(try #require(zoe.principal.key))', action, outcome
        from hansard.canvas_audit
        where actor = 'user:zoe'
        order by occurred_at
        """)
      #expect(
        lines.split(separator: "\n") == [
          "user:zoe|member|t|start_recording|allowed", "user:zoe|member|t|read_recording|refused",
        ])
      let authors = try await TestDatabase.current.psql(
        "select distinct recorded_by from hansard.recording_events")
      #expect(authors == "user:zoe\n")
    }
  }

  @Test func itsNamedRequestsAreDoneOnce() async throws {
    try await Self.run { fixture, door in
      _ = try door.admit("t", fixture.acme.tenant, "zoe", .admin)
      _ = try door.admit("renewed", fixture.acme.tenant, "zoe", .admin)
      _ = try door.admit("other", fixture.acme.tenant, "yan", .admin)
      let start = { (token: String) in
        let caller = try await Self.caller(token, fixture.hansard).once()
        return try await fixture.recordings.start(.by(), by: caller)
      }
      _ = try await start("t")
      // The same user's next token is the same caller.
      for token in ["t", "renewed"] {
        await #expect(throws: DoneBefore.self) { try await start(token) }
      }
      _ = try await start("other")
      let key = try await Self.caller("t", fixture.hansard).principal.key
      let other = try await Self.caller("other", fixture.hansard).principal.key
      let events = try [key, other].map { try EventID(request: "n", of: $0, index: 0) }
      #expect(events[0] != events[1])
    }
  }

  @Test func aRevocationHoldsAtOnceThoughItIsStillRemembered() async throws {
    try await Self.run { fixture, door in
      _ = try door.admit("t", fixture.acme.tenant)
      let zoe = try await Self.caller("t", fixture.hansard)
      let id = try await fixture.recordings.start(.by(user: nil), by: zoe).id
      let entry = try #require(zoe.principal.key)
      _ = try await fixture.hansard.keys.revoke(entry, by: fixture.acme.admin)
      let codes = [
        try await refusal { try await fixture.recordings.append([.of()], to: id, by: zoe) },
        try await refusal { try await fixture.recordings.find(id, by: zoe) },
        try await refusal { try await fixture.recordings.start(.by(), by: zoe) },
      ]
      #expect(codes == [.unauthenticated, .unauthenticated, .unauthenticated])
      try await fixture.withTwin { twin in
        let refused = try await refusal { try await twin.authenticator.authenticate(bearer: "t") }
        #expect(refused == .unauthenticated)
      }
    }
  }

  @Test func itsEntryIsNoKey() async throws {
    try await Self.run { fixture, door in
      _ = try door.admit("t", fixture.acme.tenant)
      let entry = try #require(try await Self.caller("t", fixture.hansard).principal.key)
      let digits = entry.description.filter { $0 != "-" }
      let secret = String(repeating: "A", count: 43)
      let opened = try await refusal {
        try await fixture.hansard.authenticator.authenticate(bearer: "hsd_\(digits)_\(secret)")
      }
      #expect(opened == .unauthenticated)
      let rotated = try await refusal {
        try await fixture.hansard.keys.rotate(entry, grace: .zero, by: fixture.acme.admin)
      }
      #expect(rotated == .validationFailed)
    }
  }

  @Test func anIDThatLooksLikeASecretIsNobody() async throws {
    try await Self.run { fixture, door in
      let secret = PlantedSecret.token(1).text
      _ = try door.admit("t", fixture.acme.tenant, secret)
      let refused = try await refusal {
        try await fixture.hansard.authenticator.authenticate(bearer: "t")
      }
      #expect(refused == .unauthenticated)
      let dump = try await TestDatabase.current.pgDump(schemaOnly: false)
      #expect(!dump.contains(secret))
    }
  }

  @Test(arguments: [
    "7d444840-9dc0-11d1-b245-5ffdce74fad2", "auth0|5f7c8ec7c33c6c004bbafe82", "alice@example.com",
    "google-oauth2|103547991597142817347", "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
    "00u1abcd",
  ])
  func idsAsIssuersMakeThemAreSomebody(_ id: String) async throws {
    try await Self.run { fixture, door in
      _ = try door.admit("t", fixture.acme.tenant, id)
      #expect(try await Self.caller("t", fixture.hansard).principal.actor == "user:\(id)")
      #expect(try await Self.caller("t", fixture.hansard).principal.role == .member)
    }
  }

  @Test func withoutAnIssuerATokenIsNothing() async throws {
    try await Fixture.run { fixture in
      let refused = try await refusal {
        try await fixture.hansard.authenticator.authenticate(bearer: "t")
      }
      #expect(refused == .unauthenticated)
    }
  }
}
