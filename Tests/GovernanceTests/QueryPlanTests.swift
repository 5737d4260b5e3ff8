// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TestSupport
import Testing

@testable import Governance
@testable import Postgres

/// Each documented query, taken from the code and planned as the service, uses the index made for it.
@Suite(.serialized, .database)
struct QueryPlanTests {
  private static let tenant = TenantID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)))
  private static let recording = RecordingID(
    UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7)))

  private static func list(
    _ change: (inout RecordingFilter) -> Void = { _ in }, scope: ListScope = .everything,
    after place: ListPlace? = nil
  ) -> Query {
    var filter = RecordingFilter()
    change(&filter)
    return .list(filter, scope, after: place, limit: .standard, of: tenant)
  }

  private static let recovery = SessionID(verified: "s14")

  private static func recoveries(
    _ change: (inout RecoveryFilter) -> Void = { _ in }, scope: RecoveryScope = .everything
  ) -> Query {
    var filter = RecoveryFilter()
    change(&filter)
    return .recoveries(filter, scope, after: nil, limit: .standard, of: tenant)
  }

  /// What is asked, the index that answers it, and the question.
  private static let questions: [(String, String, Query)] = [
    ("a user's recordings", "canvas_recordings_user", list { $0.user = UserID("user7") }),
    (
      "a session's", "canvas_recordings_session(_status)?",
      list { $0.session = SessionID("session7") }
    ),
    (
      "an agent's for a user", "canvas_recordings_(agent_user_started_at|user)",
      list {
        $0.agent = AgentID("agent7")
        $0.user = UserID("user7")
      }
    ),
    (
      "what is open in a session", "canvas_recordings_session(_status)?",
      list {
        $0.session = SessionID("session7")
        $0.status = .recording
      }
    ),
    ("an agent's", "canvas_recordings_agent", list { $0.agent = AgentID("agent7") }),
    ("all, newest first", "canvas_recordings_started_at", list()),
    (
      "of a time", "canvas_recordings_started_at",
      list {
        $0.startedAfter = Timestamp.now().adding(days: -3)
        $0.startedBefore = Timestamp.now().adding(days: -2)
      }
    ),
    ("flagged", "canvas_recordings_flagged", list { $0.isFlagged = true }),
    ("a member's own", "canvas_recordings_user", list(scope: .own(UserID(verified: "user7")))),
    ("for review", "canvas_recordings_flagged", list(scope: .flaggedOrOwn(nil))),
    (
      "one recording", "canvas_recordings_recording_id_key", .find(recording, of: tenant, .unlocked)
    ),
    ("to be changed", "canvas_recordings_recording_id_key", .find(recording, of: tenant, .locked)),
    ("its key", "recording_keys_pkey", .recordingKey(of: recording, of: tenant)),
    (
      "a page of events", #"recording_events_2026w\d\d_(pkey|tenant_id_recording_id_seq.*)"#,
      .events(of: recording, of: tenant, on: "2026-11-21", afterSeq: 10, limit: 50)
    ),
    (
      "a replay", #"recording_events_2026w\d\d_tenant_id_recording_id_occurred_at.*"#,
      .replay(of: recording, of: tenant, on: "2026-11-21", after: nil, limit: 50)
    ),
    (
      "whether a permission was denied", #"recording_events_2026w\d\d_denials"#,
      .openReview(
        ofEnded: recording, because: .sample, on: "2026-11-21",
        by: Caller(principal: .operatorOf(tenant), request: .make()))
    ),
    ("flags", "recording_flags_recording", .flags(of: recording, of: tenant)),
    (
      "reviews that wait", "reviews_due",
      .reviews(.open, after: nil, limit: .standard, of: tenant)
    ),
    (
      "decided reviews", "reviews_due_at",
      .reviews(.decided, after: nil, limit: .standard, of: tenant)
    ),
    (
      "all reviews", "reviews_due_at", .reviews(nil, after: nil, limit: .standard, of: tenant)
    ),
    ("all recovery sessions", "recovery_sessions_started_at", recoveries()),
    (
      "a user's recovery sessions", "recovery_sessions_user",
      recoveries { $0.user = UserID("user7") }
    ),
    (
      "a member's own recovery sessions", "recovery_sessions_user",
      recoveries(scope: .naming(UserID(verified: "user7")))
    ),
    (
      "an agent's recovery sessions", "recovery_sessions_agent",
      recoveries { $0.agent = AgentID("agent7") }
    ),
    ("one recovery session", "recovery_sessions_pkey", .recovery(recovery, of: tenant)),
    (
      "its history", "recovery_attempts_chronology",
      .attempts(of: recovery, tenant, after: .start, until: 1500, limit: 50)
    ),
    (
      "attempts sent again", "recovery_attempts_entry_id_key",
      .knownAttempts([RecoveryEntryID(verified: "entry_14")], of: recovery, tenant)
    ),
    (
      "failures of a type of error", "recovery_attempts_failures",
      .countFailures(["E8"], since: Timestamp.now().adding(days: -1), of: tenant)
    ),
    (
      "an agent's latest attempts", "recovery_attempts_agent",
      .countAttempts(["agent7", ""], since: Timestamp.now().adding(days: -1), of: tenant)
    ),
    (
      "the latest alert of a subject", "recovery_alerts_pkey",
      .alertStandings([.init(kind: .failures, name: "E8")], of: tenant)
    ),
    (
      "alerts, newest first", "recovery_alerts_raised_at",
      .alerts(RecoveryAlertFilter(), after: nil, limit: .standard, of: tenant)
    ),
    (
      "who looked at a recording", "canvas_audit_recording",
      Query(
        """
        select action from hansard.canvas_audit
        where tenant_id = $1 and recording_id = $2 order by occurred_at
        """, tenant.uuid, recording.uuid)
    ),
    (
      "what happened in a tenant", "canvas_audit_occurred_at",
      Query(
        """
        select action from hansard.canvas_audit
        where tenant_id = $1 order by occurred_at desc, audit_id desc limit 50
        """, tenant.uuid)
    ),
  ]

  /// Also where nearly everything is one tenant's, so that the tenant tells nothing.
  @Test(arguments: [1, 2]) func everyDocumentedQueryUsesItsIndex(tenants: Int) async throws {
    try await TestDatabase.current.psql(Self.rows(ofTenants: tenants))
    let connection = try await TestDatabase.current.connect(role: "hansard_service")
    for (what, index, query) in Self.questions {
      // Pages are asked for as the service asks for them.
      let isList = query.sql.contains(
        /order by ([rs]\.started_at desc|v\.due_at|y\.occurred_at|x\.seq\n)/)
      let plan = try await Self.plan(
        of: query, on: connection, after: isList ? [.inOrderOfIndexes] : [])
      let uses = try Regex("using \(index) on|Index Scan on \(index)( |$)")
        .anchorsMatchLineEndings()
      #expect(plan.contains(uses), "\(what)\n\(plan)")
      // Small tables may be scanned; these never.
      for table in [
        "recording_events", "canvas_recordings", "canvas_audit", "recording_progress",
        "recovery_sessions", "recovery_attempts", "recovery_alerts", "reviews",
      ] {
        #expect(!plan.contains("Seq Scan on \(table)"), "\(what)\n\(plan)")
      }
    }
    await connection.close()
  }

  /// The planted defect: without its index the same question scans.
  @Test func aMissingIndexIsNoticed() async throws {
    try await TestDatabase.current.psql(Self.rows())
    try await TestDatabase.current.psql(
      "drop index hansard.canvas_recordings_flagged, hansard.canvas_recordings_started_at")
    let connection = try await TestDatabase.current.connect(role: "hansard_service")
    let plan = try await Self.plan(of: Self.list { $0.isFlagged = true }, on: connection)
    #expect(!plan.contains("canvas_recordings_flagged"))
    await connection.close()
  }

  /// Lists by several conditions, of which no index has all.
  private static let narrowLists = [
    .reviews(.open, after: nil, limit: .standard, of: tenant),
    .reviews(.decided, after: nil, limit: .standard, of: tenant),
    .events(of: recording, of: tenant, on: "2026-11-21", afterSeq: 10, limit: 50),
    .replay(of: recording, of: tenant, on: "2026-11-21", after: nil, limit: 50),
    .attempts(of: recovery, tenant, after: .start, until: 1500, limit: 50),
    list {
      $0.agent = AgentID("agent7")
      $0.isFlagged = true
    },
    list {
      $0.agent = AgentID("agent7")
      $0.user = UserID("user7")
    },
    list {
      $0.agent = AgentID("agent7")
      $0.canvas = CanvasID("canvas7")
    },
    list {
      $0.user = UserID("user7")
      $0.status = .recording
    },
    recoveries {
      $0.agent = AgentID("agent7")
      $0.user = UserID("user7")
    },
  ]

  /// A page of a list is read in its order, however many rows there are behind it.
  @Test(arguments: [1, 2]) func noListIsGatheredAndSorted(tenants: Int) async throws {
    try await TestDatabase.current.psql(Self.rows(ofTenants: tenants))
    let connection = try await TestDatabase.current.connect(role: "hansard_service")
    var sorted = 0
    for query in Self.narrowLists {
      let plan = try await Self.plan(of: query, on: connection, after: [.inOrderOfIndexes])
      #expect(!plan.contains("Sort"), "\(plan)")
      // The planted defect: PostgreSQL left alone.
      if try await Self.plan(of: query, on: connection).contains("Sort") { sorted += 1 }
    }
    #expect(sorted > 0)
    await connection.close()
  }

  /// Only the partition of the recording is searched, however many there are.
  @Test func readingAsksOnePartition() async throws {
    try await TestDatabase.current.psql(Self.rows())
    let connection = try await TestDatabase.current.connect(role: "hansard_service")
    for query in [
      Query.events(
        of: Self.recording, of: Self.tenant, on: "2026-11-21", afterSeq: 0, limit: 50),
      .replay(of: Self.recording, of: Self.tenant, on: "2026-11-21", after: nil, limit: 50),
    ] {
      let plan = try await Self.plan(of: query, on: connection, "analyze, timing off, summary off")
      #expect(plan.contains("never executed") || plan.contains("Subplans Removed"), "\(plan)")
    }
    await connection.close()
  }

  private static func plan(
    of query: Query, on connection: PostgresConnection, _ options: String = "costs off",
    after settings: [Query] = []
  ) async throws -> String {
    let results = try await connection.transact(
      [.setTenant(tenant)] + settings + [query.explained(options)])
    return try #require(results.last).map { try $0.decode(0, as: String.self) }
      .joined(separator: "\n")
  }
}

extension CallerID {
  fileprivate init(verified text: String) {
    guard let id = Self(text) else { preconditionFailure("not an id: \(text)") }
    self = id
  }
}
