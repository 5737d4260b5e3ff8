// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct ConnectionSafetyTests {
  /// What the check of a new connection says; nil when it may be used.
  private func verdict(
    login: String = "hansard_service", role: String? = nil, toleratesSuperuser: Bool = false,
    toleratesUnsafeStorage: Bool = true
  ) async throws -> String? {
    var settings = TestDatabase.current.settings(role: login)
    settings.role = role
    let connection = try await PostgresConnection.connect(settings)
    let safety = ConnectionSafety(
      toleratesSuperuser: toleratesSuperuser, toleratesUnsafeStorage: toleratesUnsafeStorage,
      observer: .quiet())
    var reason: String?
    do {
      try await safety.check(connection)
    } catch let refusal as ConnectionSafety.Refusal {
      reason = refusal.reason
    }
    await connection.close()
    return reason
  }

  private func withDatabase<T: Sendable>(
    _ setting: String, _ body: () async throws -> T
  ) async throws -> T {
    let database = TestDatabase.current
    try await database.server.psql("alter database \(database.name) set \(setting)")
    let value = try await body()
    try await database.server.psql("alter database \(database.name) reset all")
    return value
  }

  @Test func theServicesOwnRoleIsSafe() async throws {
    #expect(try await verdict() == nil)
    #expect(try await verdict(role: "hansard_service") == nil)
  }

  @Test func aServerThatDoesNotSyncIsRefused() async throws {
    #expect(try await verdict(toleratesUnsafeStorage: false) == "fsync is off")
  }

  @Test(arguments: [
    ("synchronous_commit = off", "synchronous_commit is off"),
    ("synchronous_commit = local", "synchronous_commit is local"),
    ("default_transaction_read_only = on", "the server is read-only"),
  ])
  func aDatabaseWithWeakerSettingsIsRefused(setting: String, reason: String) async throws {
    let weaker = try await withDatabase(setting) { try await verdict() }
    #expect(weaker == reason)
    #expect(try await verdict() == nil)
  }

  @Test(arguments: ["on", "remote_write", "remote_apply"])
  func strongerCommitsAreTaken(level: String) async throws {
    let stronger = try await withDatabase("synchronous_commit = \(level)") { try await verdict() }
    #expect(stronger == nil)
  }

  @Test func aSuperuserIsRefusedUnlessTolerated() async throws {
    let superuser = try await verdict(login: "postgres")
    #expect(superuser == "the role bypasses row level security")
    let acting = try await verdict(login: "postgres", role: "hansard_service")
    #expect(acting == "the login is a superuser")
    let tolerated = try await verdict(
      login: "postgres", role: "hansard_service", toleratesSuperuser: true)
    #expect(tolerated == nil)
    // Tolerating the login is not tolerating the role that the work is done in.
    let bypassing = try await verdict(login: "postgres", toleratesSuperuser: true)
    #expect(bypassing == "the role bypasses row level security")
  }

  @Test func nothingIsDoneOnAnUnsafeDatabase() async throws {
    let database = TestDatabase.current
    try await Fixture.run { fixture in
      let id = try await fixture.recordings.started(by: fixture.acme)
      try await database.psql("alter database \(database.name) set synchronous_commit = off")
      try await Fixture.withSecond { second in
        let codes = [
          try await refusal {
            try await second.recordings.find(id, by: fixture.acme.ann)
          },
          try await refusal { try await second.recordings.start(.by(), by: fixture.acme.ann) },
        ]
        #expect(codes == [.unsafeDatabase, .unsafeDatabase])
        #expect(await second.health.readiness() == .notReady(["unsafe_database"]))
      }
      // The writer's connections are checked too.
      let writer = EventWriter(options: .init(lanes: 1), observer: .quiet()) {
        throw ConnectionSafety.Refusal(reason: "x")
      }
      let context = try #require(
        await fixture.recordings.contexts.find(id, of: fixture.acme.tenant))
      let event = try await fixture.sealed(.of(), in: context, by: fixture.acme.recorder)
      try await withThrowingTaskGroup { group in
        group.addTask { try await writer.run() }
        let code = try await refusal {
          try await writer.append(
            AppendRequest(
              tenant: fixture.acme.tenant, recording: id, key: nil, events: [event]))
        }
        #expect(code == .unsafeDatabase)
        group.cancelAll()
      }
    }
  }
}

struct SessionSettingsTests {
  private static let safe = SessionSettings(
    fsync: "on", fullPageWrites: "on", synchronousCommit: "on", dataSyncRetry: "off",
    isReadOnly: "off", version: 150_018, roleBypasses: false, loginBypasses: false,
    system: 1, timeline: 2)

  private static let defects: [(String, @Sendable (inout SessionSettings) -> Void)] = [
    ("fsync is off", { $0.fsync = "off" }),
    ("full_page_writes is off", { $0.fullPageWrites = "off" }),
    ("data_sync_retry is on", { $0.dataSyncRetry = "on" }),
    ("synchronous_commit is off", { $0.synchronousCommit = "off" }),
    ("synchronous_commit is local", { $0.synchronousCommit = "local" }),
    ("the server is read-only", { $0.isReadOnly = "on" }),
    ("PostgreSQL is older than 15", { $0.version = 149_999 }),
    ("the role bypasses row level security", { $0.roleBypasses = true }),
    ("the login is a superuser", { $0.loginBypasses = true }),
  ]

  private func safety(superuser: Bool = false, storage: Bool = false) -> ConnectionSafety {
    ConnectionSafety(
      toleratesSuperuser: superuser, toleratesUnsafeStorage: storage, observer: .quiet())
  }

  @Test func eachDefectAloneIsRefused() {
    #expect(safety().reason(Self.safe) == nil)
    for (reason, defect) in Self.defects {
      var settings = Self.safe
      defect(&settings)
      #expect(safety().reason(settings) == reason)
      // What is tolerated is tolerated, and nothing else.
      let isStorage = Self.defects.prefix(3).contains { $0.0 == reason }
      #expect((safety(storage: true).reason(settings) == nil) == isStorage)
      let isLogin = reason == "the login is a superuser"
      #expect((safety(superuser: true).reason(settings) == nil) == isLogin)
    }
  }

  @Test func aServerThatWasReplacedIsRefused() {
    let watch = TimelineWatch()
    func reason(_ system: Int64, _ timeline: Int64?) -> String? {
      var settings = Self.safe
      (settings.system, settings.timeline) = (system, timeline)
      return watch.reason(settings)
    }
    #expect(reason(1, 2) == nil && reason(1, 2) == nil)
    #expect(reason(1, 1) == "the server is on timeline 1, and another one was on 2")
    #expect(reason(1, nil) == nil && reason(1, 3) == nil)
    #expect(reason(1, 2) != nil)
    // Restored from a dump.
    #expect(reason(7, 1) == nil && reason(7, 1) == nil)
  }
}
