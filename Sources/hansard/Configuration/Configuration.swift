// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Governance
import Logging

/// Everything that can be set from outside: settled once, at start, from the environment alone.
struct Configuration: Sendable {
  /// What kind of deployment this is; `production` unless said.
  enum Stage: String, Sendable, CaseIterable {
    case production
    case development
    case test
  }

  /// Defects that the tests must notice, switched on to see that they do.
  enum PlantedDefect: String, Sendable, CaseIterable {
    case none
    case acknowledgeBeforeCommit = "acknowledge-before-commit"
    case loseLateNotices = "lose-late-notices"
    case refuseKeysFromMemory = "refuse-keys-from-memory"
    case waitForLocks = "wait-for-locks"
  }

  /// Where a value came from.
  enum Source: String, Sendable {
    case standard = "default"
    case environment
    case file
  }

  /// `HANSARD_ENV`.
  var stage = Stage.production
  /// `HANSARD_HOST`: the address that both ports listen on.
  var host = "127.0.0.1"
  /// `HANSARD_PORT`; 0: any that is free.
  var port = 8080
  /// `HANSARD_ADMIN_PORT`: health and metrics alone; the next port unless said.
  var adminPort = 8081
  /// `HANSARD_ALLOWED_ORIGINS`: whose pages may open a WebSocket, beside the service's own.
  var allowedOrigins: [String] = []
  /// `HANSARD_WEBHOOK_ALLOWED_HOSTS`: what webhooks may reach although it is not on the public Internet.
  var webhookAllowedHosts: [String] = []
  /// `DATABASE_URL`; nil: a private PostgreSQL under `.hansard/`. May hold a password.
  var databaseURL: String?
  /// `HANSARD_MIGRATE_DATABASE_URL`: who migrates, where that is another login. May hold a password.
  var migrateDatabaseURL: String?
  /// `HANSARD_DATABASE_POOL`: connections for everything but appends.
  var databasePool = 8
  /// `HANSARD_LANES`: connections that append events, each its own. Half as many as there are
  /// processors, at least one: with more, groups are smaller and each event costs more than the
  /// lanes gain by working side by side.
  var lanes = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
  /// `HANSARD_STATEMENT_CACHE`: off behind a pooler that shares server sessions.
  var usesStatementCache = true
  /// `HANSARD_MASTER_KEY_FILE`; nil: the service starts sealed and writes nothing.
  var masterKeyFile: String?
  /// `HANSARD_LOG_LEVEL`.
  var logLevel = Logger.Level.info
  /// `HANSARD_SQL`: the directory of the migrations; nil: looked for beside the program.
  var sqlDirectory: String?
  /// `CANVAS_RECORDING_ENABLED` (**seed**).
  var isRecordingEnabled = true
  /// `RECORDING_RETENTION_DAYS` (**seed**): days a stopped recording is kept.
  var retentionDays = 90
  /// `HANSARD_RETENTION_INTERVAL_SECONDS`: how often what has expired is looked for.
  var retentionInterval = 30
  /// `HANSARD_ABANDONED_AFTER_SECONDS`: a recording without an event for so long is completed as failed; nil:
  /// only one that has been open for as long as events are accepted.
  var abandonedAfter: Int?
  /// `EMERGENCY_GOVERNANCE_BYPASS` (**seed**): for development and test only.
  var bypassesGovernance = false
  /// `HANSARD_OIDC_…`: tokens of an issuer beside API keys.
  var oidc = OIDC()
  /// `HANSARD_ARCHIVE_URL`, `HANSARD_ERASURE_LOG_URL`, `HANSARD_S3_…`: where archives of recordings are kept, and the
  /// log of erasures.
  var archive = Archive()
  /// `HANSARD_PLANTED_DEFECT`: for test only.
  var plantedDefect = PlantedDefect.none
  /// Where the values that are not defaults came from.
  var sources: [Variable: Source] = [:]

  /// The defaults.
  init() {}

  /// Reads `environment`; `…_FILE` variables are read from disk. Throws every problem at once.
  init(environment: [String: String]) throws(ConfigurationError) {
    self.init()
    var reader = EnvironmentReader(environment)
    read(&reader)
    check(&reader)
    reader.refuseUnknown()
    sources = reader.sources
    guard reader.problems.isEmpty else { throw ConfigurationError(problems: reader.problems) }
  }

  private mutating func read(_ reader: inout EnvironmentReader) {
    databaseURL = reader.text(.databaseURL)
    migrateDatabaseURL = reader.text(.migrateDatabaseURL)
    stage = reader.choice(.stage, default: stage)
    host = reader.text(.host) ?? host
    port = reader.integer(.port, in: 0...65_535, default: port)
    adminPort = reader.integer(.adminPort, in: 0...65_535, default: port == 0 ? 0 : port + 1)
    allowedOrigins = reader.list(.allowedOrigins)
    webhookAllowedHosts = reader.list(.webhookAllowedHosts).map { $0.lowercased() }
    databasePool = reader.integer(.databasePool, in: 1...500, default: databasePool)
    lanes = reader.integer(.lanes, in: 1...64, default: lanes)
    usesStatementCache = reader.flag(.statementCache, default: usesStatementCache)
    masterKeyFile = reader.text(.masterKeyFile)
    logLevel = reader.choice(.logLevel, default: logLevel)
    sqlDirectory = reader.text(.sqlDirectory)
    isRecordingEnabled = reader.flag(.recordingEnabled, default: isRecordingEnabled)
    retentionDays = reader.integer(.retentionDays, in: 1...36_500, default: retentionDays)
    retentionInterval = reader.integer(.retentionInterval, in: 1...3600, default: retentionInterval)
    if reader.mentions(.abandonedAfter) {
      abandonedAfter = reader.integer(.abandonedAfter, in: 60...604_800, default: 604_800)
    }
    bypassesGovernance = reader.flag(.emergencyBypass, default: bypassesGovernance)
    readOIDC(&reader)
    readArchive(&reader)
    plantedDefect = reader.choice(.plantedDefect, default: plantedDefect)
  }

  /// What no single value shows.
  private func check(_ reader: inout EnvironmentReader) {
    check(databaseURL, .databaseURL, &reader)
    check(migrateDatabaseURL, .migrateDatabaseURL, &reader)
    if !host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
      reader.refuse(Variable.host.rawValue, "must be an address or a host name")
    }
    if adminPort > 65_535 {
      reader.refuse(Variable.adminPort.rawValue, "must be set when HANSARD_PORT is 65535")
    } else if adminPort == port, port != 0 {
      reader.refuse(Variable.adminPort.rawValue, "must differ from HANSARD_PORT")
    }
    for origin in allowedOrigins where !Self.isOrigin(origin) {
      reader.refuse(
        Variable.allowedOrigins.rawValue, "must be origins such as https://console.example.com")
    }
    for host in webhookAllowedHosts where !Self.isHost(host) {
      reader.refuse(
        Variable.webhookAllowedHosts.rawValue, "must be hosts such as hooks.internal, 10.1.2.3:80")
    }
    if bypassesGovernance, stage == .production {
      reader.refuse(
        Variable.emergencyBypass.rawValue, "is refused unless HANSARD_ENV is development or test")
    }
    if plantedDefect != .none, !Self.isDebugBuild || stage != .test {
      reader.refuse(
        Variable.plantedDefect.rawValue, "is refused unless HANSARD_ENV is test, in a debug build")
    }
  }

  private func check(_ url: String?, _ variable: Variable, _ reader: inout EnvironmentReader) {
    guard let url else { return }
    guard let parsed = ConnectionString(url) else {
      reader.refuse(variable.rawValue, "must be a postgresql:// URL or a list of key=value pairs")
      return
    }
    if stage == .production, let password = parsed.password,
      Self.defaultPasswords.contains(password.lowercased())
    {
      reader.refuse(variable.rawValue, "holds a password that everybody knows")
    }
  }

  /// Whether `text` is a scheme, a host and perhaps a port, as browsers send it.
  private static func isOrigin(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 3 && ["http:", "https:"].contains(parts[0]) && parts[1].isEmpty
      && !parts[2].isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }

  /// Whether `text` is a host and perhaps a port; IPv6 addresses stand without brackets.
  private static func isHost(_ text: String) -> Bool {
    InternetAddress(text) != nil || WebhookURL("https://\(text)").map { $0.target == "/" } ?? false
  }

  /// Whether this is a build for developing and testing.
  private static let isDebugBuild: Bool = {
    #if DEBUG
    true
    #else
    false
    #endif
  }()

  /// Passwords that stand in examples, ours and others'.
  private static let defaultPasswords: Set<String> = [
    "change-me", "changeme", "hansard", "password", "postgres", "secret",
  ]
}
