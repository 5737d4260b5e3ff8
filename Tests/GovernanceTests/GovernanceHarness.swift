// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Logging
import Postgres
import Protection
import ServiceLifecycle
import TestSupport
import Testing

@testable import Governance

/// The domain on the database of the running test, its writer at work, and two tenants in it.
struct Fixture: Sendable {
  let hansard: Hansard
  let settings: Hansard.Settings
  let metrics: Metrics
  let acme: Party
  let globex: Party

  var recordings: Recordings { hansard.recordings }

  /// Wires everything for the length of `body`.
  static func run(
    with adjustment: Adjustment = .none, _ body: (Fixture) async throws -> Void
  ) async throws {
    let directory = try TemporaryDirectory.make("governance")
    defer { TemporaryDirectory.remove(directory) }
    var settings = try settings(keyFile: "\(directory)/master.key")
    adjustment.apply(&settings)
    let metrics = Metrics()
    let hansard = Hansard(settings, observer: .quiet(metrics))
    try await withThrowingTaskGroup { group in
      let writer = try #require(hansard.services.first)
      group.addTask { try await writer.run() }
      let acme = try await Party(named: "Acme", in: hansard)
      let globex = try await Party(named: "Globex", in: hansard)
      try await body(
        Fixture(
          hansard: hansard, settings: settings, metrics: metrics, acme: acme, globex: globex))
      group.cancelAll()
      try await group.waitForAll()
    }
    await hansard.close()
  }

  /// Settings for the database of the running test, with a new master key in `keyFile`.
  static func settings(keyFile: String) throws -> Hansard.Settings {
    _ = try MasterKeyring.makeKeyFile(at: keyFile)
    return try settings(material: .keyring(try MasterKeyring.load(file: keyFile)))
  }

  static func settings(material: KeyVault.Material) throws -> Hansard.Settings {
    var settings = Hansard.Settings(
      database: TestDatabase.current.settings(role: "hansard_service"), poolSize: 6,
      writer: .patient(lanes: 2), recordings: .init(), material: material,
      schemaVersion: try MigrationSet.load(directory: ProjectFiles.migrations()).latest)
    // Tests share two cores with everything else.
    settings.poolWait = .seconds(20)
    // The shared server never syncs.
    settings.toleratesUnsafeStorage = true
    return settings
  }

  /// An event as `append` makes it of a draft.
  func sealed(
    _ draft: EventDraft, in context: RecordingContext, by caller: Caller
  ) async throws -> SealedEvent {
    let redactor = try await recordings.redactors.find(caller.tenant)
    return try SealedEvent(
      draft, in: context, by: caller.principal.actor, redactor: redactor, now: .now())
  }

  /// Another instance of the domain with the same keys, without a running writer.
  func withTwin(_ body: (Hansard) async throws -> Void) async throws {
    let twin = Hansard(settings, observer: .quiet())
    try await body(twin)
    await twin.close()
  }

  /// Another instance of the domain, without keys and without a running writer.
  static func withSecond(_ body: (Hansard) async throws -> Void) async throws {
    let directory = try TemporaryDirectory.make("second")
    defer { TemporaryDirectory.remove(directory) }
    let settings = try settings(keyFile: "\(directory)/master.key")
    let hansard = Hansard(settings, observer: .quiet())
    try await body(hansard)
    await hansard.close()
  }

  /// A database as the domain has it, for what is below the operations.
  static func database(role: String = "hansard_service") -> Database {
    Database(pool: TestDatabase.current.pool(role: role), observer: .quiet())
  }
}

/// How a fixture differs from the ordinary one.
struct Adjustment: Sendable {
  let apply: @Sendable (inout Hansard.Settings) -> Void

  static let none = Adjustment { _ in }
  static let recordingDisabled = Adjustment { $0.recordings.isEnabled = false }
  static let oneLane = Adjustment { $0.writer = .patient(lanes: 1) }

  static func retention(days: Int) -> Adjustment {
    Adjustment { $0.recordings.retentionDays = days }
  }
}

extension EventWriter.Options {
  /// For tests that many others run beside: what waits for the machine is not refused.
  static func patient(lanes: Int) -> EventWriter.Options {
    var options = EventWriter.Options(lanes: lanes)
    options.patience = .seconds(60)
    return options
  }
}

extension Observer {
  /// One that counts and logs nothing.
  static func quiet(_ metrics: Metrics = Metrics()) -> Observer {
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    return Observer(logger: logger, metrics: metrics)
  }
}

/// A tenant with a caller of each role.
struct Party: Sendable {
  let tenant: TenantID
  let recorder: Caller
  /// Bound to the user `ann`.
  let ann: Caller
  /// Bound to the user `bob`.
  let bob: Caller
  /// Bound to the user `rita`.
  let reviewer: Caller
  let auditor: Caller
  let admin: Caller
  /// The person at the command line.
  let operatorCaller: Caller

  init(named name: String, in hansard: Hansard) async throws {
    tenant = try await hansard.tenants.create(name: try #require(DisplayName(name))).id
    let operatorCaller = Caller(principal: .operatorOf(tenant), request: .make())
    self.operatorCaller = operatorCaller
    func caller(_ role: Role, _ user: String? = nil) async throws -> Caller {
      try await Party.caller(role, user: user, by: operatorCaller, in: hansard).caller
    }
    recorder = try await caller(.recorder)
    ann = try await caller(.member, "ann")
    bob = try await caller(.member, "bob")
    reviewer = try await caller(.reviewer, "rita")
    auditor = try await caller(.auditor)
    admin = try await caller(.admin)
  }

  /// A caller with a key of its own, and the key's text.
  static func caller(
    _ role: Role, user: String? = nil, agent: String? = nil, expiresAt: Timestamp? = nil,
    by creator: Caller, in hansard: Hansard
  ) async throws -> (caller: Caller, text: String) {
    let draft = APIKeyDraft(
      role: role, name: nil, user: user.flatMap { UserID($0) },
      agent: agent.flatMap { AgentID($0) }, expiresAt: expiresAt)
    let (key, text) = try await hansard.keys.create(draft, by: creator)
    let principal = Principal(
      tenant: creator.tenant, key: key.id, role: role, user: key.user, agent: key.agent)
    return (Caller(principal: principal, request: .make()), text)
  }
}

/// The code of the error that `body` throws, which must be a `DomainError`.
func refusal<T: Sendable>(
  _ body: () async throws -> T, at location: SourceLocation = #_sourceLocation
) async throws -> DomainError.Code {
  try await domainError(body, at: location).code
}

/// The error that `body` throws, which must be a `DomainError`.
func domainError<T: Sendable>(
  _ body: () async throws -> T, at location: SourceLocation = #_sourceLocation
) async throws -> DomainError {
  do {
    _ = try await body()
  } catch let error as DomainError {
    return error
  }
  throw TestSupportError("nothing was refused at \(location)")
}

extension Caller {
  /// The same caller with a name for the request.
  func once(_ name: String = "name") throws -> Caller {
    var caller = self
    caller.once = try Once(name: name, request: []) { _ in
      KeptAnswer(status: 200, location: nil, body: [])
    }
    return caller
  }
}
