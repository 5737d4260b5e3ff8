// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres
package import ServiceLifecycle

/// The whole domain, wired: what the edge and the commands are given.
package struct Hansard: Sendable {
  package let recordings: Recordings
  package let agents: Agents
  package let users: Users
  package let keys: APIKeys
  package let analysts: Analysts
  package let tenants: Tenants
  package let tenantKeys: TenantKeys
  package let redaction: RedactionPolicies
  package let audit: AuditLog
  package let policies: TenantPolicies
  package let reviews: Reviews
  package let holds: LegalHolds
  package let deletions: RecordingDeletions
  package let certificates: PurgeCertificates
  package let live: Live
  package let webhooks: Webhooks
  package let recovery: RecoveryAudit
  package let retention: Retention
  package let restoration: Restoration
  package let authenticator: Authenticator
  package let health: Health
  package let limiter: Limiter
  package let observer: Observer

  private let database: Database
  private let writer: EventWriter
  private let partitions: PartitionWorker
  private let hub: LiveHub
  private let webhookWorker: WebhookWorker?
  private let retentionWorker: RetentionWorker

  /// How a deployment is set up.
  package struct Settings: Sendable {
    /// The database; `role` is set here.
    package var database: PostgresConfiguration
    /// The most connections for requests.
    package var poolSize: Int
    /// The longest wait for one of them; then the request is refused as `overloaded`.
    package var poolWait: Duration = .milliseconds(500)
    package var writer: EventWriter.Options
    package var recordings: Recordings.Settings
    package var material: KeyVault.Material
    /// Loads the master keys anew, where the database names one that is not loaded.
    package var reloadKeys: KeyVault.Reload?
    /// The latest migration that this binary knows.
    package var schemaVersion: Int
    /// `EMERGENCY_GOVERNANCE_BYPASS` (**seed**): everybody may do everything within their tenant, and
    /// each audit entry says so. Never in production.
    package var bypassesGovernance = false
    /// A planted defect, for tests: notices that are committed late are lost.
    package var losesLateNotices = false
    /// A planted defect, for tests: see `Authenticator`.
    package var refusesKeysFromMemory = false
    /// A planted defect, for tests: see `RecoveryAlarm`.
    package var alarmDefect: RecoveryAlarm.Defect?
    package var webhooks = Webhooks.Settings()
    /// How often what has expired is looked for.
    package var retentionInterval = Duration.seconds(30)
    /// Where recordings are archived; nil: nowhere.
    package var archive: (any ArchiveStore)?
    /// Where erasures are logged; nil: nowhere.
    package var erasureLog: (any ArchiveStore)?
    /// Whether nothing is done in a database that was restored to a time before erasures; not for those who put it
    /// right.
    package var refusesRestoredDatabase = true
    /// Checks tokens of an issuer; nil: there are only API keys.
    package var verifyToken: Authenticator.VerifyToken?
    /// See `ConnectionSafety`.
    package var toleratesSuperuser = false
    /// See `ConnectionSafety`.
    package var toleratesUnsafeStorage = false

    /// Settings with the given essentials.
    package init(
      database: PostgresConfiguration, poolSize: Int, writer: EventWriter.Options,
      recordings: Recordings.Settings, material: KeyVault.Material, schemaVersion: Int
    ) {
      self.database = database
      self.poolSize = poolSize
      self.writer = writer
      self.recordings = recordings
      self.material = material
      self.schemaVersion = schemaVersion
    }
  }

  /// Wires everything; nothing connects yet.
  package init(_ settings: Settings, observer: Observer) {
    var configuration = settings.database
    configuration.role = "hansard_service"
    let safety = ConnectionSafety(
      toleratesSuperuser: settings.toleratesSuperuser,
      toleratesUnsafeStorage: settings.toleratesUnsafeStorage, observer: observer)
    let pool = ConnectionPool(
      configuration: configuration, size: settings.poolSize, queueLimit: 256,
      waitLimit: settings.poolWait, prepare: { try await safety.check($0) })
    let database = Database(pool: pool, observer: observer)
    let vault = KeyVault(settings.material, reload: settings.reloadKeys)
    let connect: @Sendable () async throws -> PostgresConnection = { [configuration] in
      let connection = try await PostgresConnection.connect(configuration)
      do {
        try await safety.check(connection)
      } catch {
        await connection.close()
        throw error
      }
      return connection
    }
    writer = EventWriter(options: settings.writer, observer: observer, connect: connect)
    let redactors = Redactors(database: database, vault: vault)
    let log = settings.erasureLog.map {
      ErasureLog(database: database, files: ErasureFiles(store: $0))
    }
    let erasures = log.map { (log: $0, guard: ErasureGuard($0, observer: observer)) }
    let refusing = settings.refusesRestoredDatabase ? erasures?.guard : nil
    hub = LiveHub(
      database: database, ignoresHorizon: settings.losesLateNotices, erasures: refusing,
      connect: connect)
    let gate = Gate(
      database: database, vault: vault, hub: hub, bypassesPolicy: settings.bypassesGovernance,
      erasures: refusing)
    limiter = Limiter(database: database)
    recordings = Recordings(
      gate: gate, redactors: redactors, writer: writer, limiter: limiter,
      settings: settings.recordings, archive: settings.archive, observer: observer)
    var recovery = RecoveryAudit(gate: gate, redactors: redactors, recordings: recordings)
    recovery.alarmDefect = settings.alarmDefect
    self.recovery = recovery
    retention = Retention(gate: gate, recordings: recordings, erasures: erasures)
    retentionWorker = RetentionWorker(retention: retention, interval: settings.retentionInterval)
    redaction = RedactionPolicies(gate: gate, redactors: redactors)
    agents = Agents(gate: gate, redactors: redactors)
    users = Users(gate: gate, redactors: redactors)
    keys = APIKeys(gate: gate, redactors: redactors)
    analysts = Analysts(gate: gate, redactors: redactors)
    reviews = Reviews(gate: gate, redactors: redactors)
    holds = LegalHolds(gate: gate, redactors: redactors)
    deletions = RecordingDeletions(recordings: recordings)
    restoration = Restoration(
      log: log, gate: gate, deletions: deletions, archive: settings.archive)
    certificates = PurgeCertificates(gate: gate, redactors: redactors)
    live = Live(gate: gate, hub: hub, recordings: recordings)
    webhooks = Webhooks(gate: gate, redactors: redactors, settings: settings.webhooks)
    webhookWorker = settings.webhooks.deliver.map {
      WebhookWorker(queue: WebhookQueue(gate: gate), deliver: $0)
    }
    policies = TenantPolicies(
      gate: gate, redactors: redactors, limiter: limiter,
      standardDays: settings.recordings.retentionDays, hasArchive: settings.archive != nil)
    audit = AuditLog(gate: gate, redactors: redactors)
    tenants = Tenants(database: database, vault: vault)
    tenantKeys = TenantKeys(gate: gate, redactors: redactors, deletions: deletions)
    authenticator = Authenticator(
      database: database, redactors: redactors, verifyToken: settings.verifyToken,
      refusesFromMemory: settings.refusesKeysFromMemory)
    health = Health(
      database: database, vault: vault, schemaVersion: settings.schemaVersion,
      erasures: erasures?.guard)
    partitions = PartitionWorker(
      database: database, retentionDays: settings.recordings.retentionDays)
    self.database = database
    self.observer = observer
  }

  /// What runs as long as the service does, in the order in which it starts; the edge comes after.
  package var services: [any Service] {
    [writer, partitions, hub, LimitWorker(limiter: limiter), retentionWorker]
      + (webhookWorker.map { [$0] } ?? [])
  }

  /// Everything counted, and the pool as it is now, in Prometheus' text exposition format.
  package func metricsText() -> String {
    let pool = database.pool.statistics
    observer.set(.poolLeased, to: pool.lent)
    observer.set(.poolIdle, to: pool.idle)
    observer.set(.poolWaiting, to: pool.waiting)
    observer.set(.subscribers, to: hub.subscriberCount)
    return observer.metricsText()
  }

  /// Closes the connections for requests, once nothing uses them any more.
  package func close() async {
    await database.pool.close()
  }
}
