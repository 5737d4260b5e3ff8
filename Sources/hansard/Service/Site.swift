// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Postgres
import Protection

/// What a configuration stands for on this machine: a database that is there, keys, a schema.
struct Site: Sendable {
  let configuration: Configuration
  /// The migrations that belong to this program.
  let migrations: MigrationSet
  /// Where the service logs in.
  let database: String
  /// Where migrations log in.
  let migrationDatabase: String
  let material: KeyVault.Material
  /// Where that came from.
  let masterKeyFile: String?
  /// The private server; nil with a `DATABASE_URL`.
  let privateDatabase: PrivateDatabase?

  /// The database that `DATABASE_URL` names, or the private one, started if it is not running.
  ///
  /// A private database gets a master key of its own, made when it is missing.
  static func open(_ configuration: Configuration, in state: LocalState = .standard) async throws
    -> Site
  {
    let migrations = try MigrationFiles.load(configuration)
    if let url = configuration.databaseURL {
      return Site(
        configuration: configuration, migrations: migrations, database: url,
        migrationDatabase: configuration.migrateDatabaseURL ?? url,
        material: material(file: configuration.masterKeyFile),
        masterKeyFile: configuration.masterKeyFile, privateDatabase: nil)
    }
    guard configuration.migrateDatabaseURL == nil else {
      // Not the private database, which nobody who names one would mean.
      throw ConfigurationError(problems: [
        .init(
          variable: Variable.migrateDatabaseURL.rawValue,
          reason: "is who migrates; DATABASE_URL must say who serves")
      ])
    }
    let database = try await PrivateDatabase.open(in: state)
    do {
      let keyFile = try configuration.masterKeyFile ?? state.madeMasterKeyFile()
      return Site(
        configuration: configuration, migrations: migrations,
        database: database.url(user: "hansard_service"),
        migrationDatabase: database.url(user: "postgres"),
        material: material(file: keyFile), masterKeyFile: keyFile, privateDatabase: database)
    } catch {
      await database.close()
      throw error
    }
  }

  /// Lends a site and closes it afterwards.
  static func with<T>(
    _ configuration: Configuration, in state: LocalState = .standard,
    _ body: (Site) async throws -> T
  ) async throws -> T {
    let site = try await open(configuration, in: state)
    do {
      let result = try await body(site)
      await site.privateDatabase?.close()
      return result
    } catch {
      await site.privateDatabase?.close()
      throw error
    }
  }

  private static func material(file: String?) -> KeyVault.Material {
    guard let file else { return .missing(reason: "HANSARD_MASTER_KEY_FILE is not set") }
    do throws(MasterKeyError) {
      return .keyring(try MasterKeyring.load(file: file))
    } catch {
      return .missing(reason: error.description)
    }
  }
}

extension Site {
  /// The domain's settings for this site.
  func settings(poolSize: Int? = nil) -> Hansard.Settings {
    var recordings = Recordings.Settings()
    recordings.isEnabled = configuration.isRecordingEnabled
    recordings.retentionDays = configuration.retentionDays
    recordings.abandonedAfter = configuration.abandonedAfter.map { .seconds($0) }
    var writer = EventWriter.Options(lanes: configuration.lanes)
    writer.acknowledgesBeforeCommit = configuration.plantedDefect == .acknowledgeBeforeCommit
    var settings = Hansard.Settings(
      database: PostgresConfiguration(
        conninfo: database,
        statementCache: configuration.usesStatementCache ? .cached(limit: 256) : .none),
      poolSize: poolSize ?? configuration.databasePool, writer: writer, recordings: recordings,
      material: material, schemaVersion: migrations.latest)
    if let masterKeyFile { settings.reloadKeys = { Self.material(file: masterKeyFile) } }
    settings.retentionInterval = .seconds(configuration.retentionInterval)
    settings.losesLateNotices = configuration.plantedDefect == .loseLateNotices
    settings.refusesKeysFromMemory = configuration.plantedDefect == .refuseKeysFromMemory
    settings.bypassesGovernance = configuration.bypassesGovernance
    settings.webhooks.takesPlainHTTP = configuration.stage != .production
    let sender = WebhookSender(allowedHosts: Set(configuration.webhookAllowedHosts))
    settings.webhooks.deliver = { message in await sender.send(message) }
    settings.archive = configuration.archive.store
    settings.erasureLog = configuration.archive.erasureLogStore
    settings.toleratesSuperuser = configuration.stage != .production
    settings.toleratesUnsafeStorage = configuration.stage == .test
    return settings
  }

  /// Lends a migrator with a connection of its own.
  func withMigrator<T: Sendable>(
    _ body: (Migrator) async throws(MigrationError) -> T
  ) async throws -> T {
    let connection: PostgresConnection
    do throws(PostgresError) {
      connection = try await PostgresConnection.connect(
        PostgresConfiguration(conninfo: migrationDatabase, applicationName: "hansard migrate"))
    } catch {
      throw CommandFailure(saying: error)
    }
    var options = Migrator.Options()
    options.report = { Terminal.tell("\($0)") }
    if configuration.plantedDefect == .waitForLocks { options.lockTimeout = .seconds(60) }
    let migrator = Migrator(connection: connection, set: migrations, options: options)
    do throws(MigrationError) {
      let result = try await body(migrator)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw CommandFailure(error.description)
    }
  }
}
