// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OIDC
import TestSupport
import Testing

@testable import hansard

struct ConfigurationTests {
  private func problems(_ environment: [String: String]) -> [String] {
    do throws(ConfigurationError) {
      _ = try Configuration(environment: environment)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test func anEmptyEnvironmentGivesTheDefaults() throws {
    let configuration = try Configuration(environment: ["PATH": "/bin", "HANSARD_PORT": ""])
    #expect(configuration.stage == .production)
    #expect(configuration.host == "127.0.0.1")
    #expect((configuration.port, configuration.adminPort) == (8080, 8081))
    let lanes = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
    #expect((configuration.databasePool, configuration.lanes) == (8, lanes))
    #expect(configuration.databaseURL == nil)
    #expect(configuration.report().contains("HANSARD_LOG_LEVEL=info  # default"))
    #expect((configuration.retentionDays, configuration.retentionInterval) == (90, 30))
    #expect(configuration.abandonedAfter == nil)
    #expect(configuration.isRecordingEnabled)
    #expect(!configuration.bypassesGovernance)
    #expect(configuration.sources.isEmpty)
  }

  @Test func readsEveryVariable() throws {
    let configuration = try Configuration(environment: [
      "DATABASE_URL": "postgresql://hansard_service@db/hansard",
      "HANSARD_MIGRATE_DATABASE_URL": "host=db user=hansard_migrator",
      "HANSARD_ENV": "test", "HANSARD_HOST": "::", "HANSARD_PORT": "9000",
      "HANSARD_ADMIN_PORT": "9100", "HANSARD_DATABASE_POOL": "20", "HANSARD_LANES": "2",
      "HANSARD_STATEMENT_CACHE": "off", "HANSARD_MASTER_KEY_FILE": "/run/key",
      "HANSARD_LOG_LEVEL": "debug", "HANSARD_SQL": "/sql", "CANVAS_RECORDING_ENABLED": "false",
      "RECORDING_RETENTION_DAYS": "7", "HANSARD_RETENTION_INTERVAL_SECONDS": "5",
      "HANSARD_ABANDONED_AFTER_SECONDS": "3600", "EMERGENCY_GOVERNANCE_BYPASS": "true",
      "HANSARD_PLANTED_DEFECT": "acknowledge-before-commit",
      "HANSARD_ALLOWED_ORIGINS": "https://console.example.com",
      "HANSARD_WEBHOOK_ALLOWED_HOSTS": "Hooks.internal:8443, 10.1.2.3,::1",
      "HANSARD_OIDC_ISSUER": "https://id.example", "HANSARD_OIDC_AUDIENCE": "hansard",
      "HANSARD_OIDC_KEYS": "/etc/jwks.json", "HANSARD_OIDC_TENANT_CLAIM": "tid",
      "HANSARD_OIDC_USER_CLAIM": "upn", "HANSARD_OIDC_ROLE_CLAIM": "/realm_access/roles",
      "HANSARD_OIDC_ROLES": "ops=admin", "HANSARD_OIDC_ACCEPT_PLAIN_JWT": "on",
      "HANSARD_OIDC_MAX_TOKEN_SECONDS": "900", "HANSARD_ARCHIVE_URL": "s3://bucket/prefix",
      "HANSARD_S3_ENDPOINT": "https://s3.internal", "HANSARD_S3_REGION": "eu-1",
      "HANSARD_S3_ACCESS_KEY_ID": "id", "HANSARD_S3_SECRET_ACCESS_KEY": "secret",
      "HANSARD_S3_PATH_STYLE": "on", "HANSARD_ERASURE_LOG_URL": "file:///log",
    ])
    #expect(configuration.stage == .test)
    #expect(configuration.databaseURL == "postgresql://hansard_service@db/hansard")
    #expect(configuration.migrateDatabaseURL == "host=db user=hansard_migrator")
    #expect(configuration.host == "::")
    #expect((configuration.port, configuration.adminPort) == (9000, 9100))
    #expect((configuration.databasePool, configuration.lanes) == (20, 2))
    #expect(!configuration.usesStatementCache)
    #expect(configuration.masterKeyFile == "/run/key")
    #expect(configuration.report().contains("HANSARD_LOG_LEVEL=debug  # environment"))
    #expect(configuration.sqlDirectory == "/sql")
    #expect(!configuration.isRecordingEnabled)
    #expect((configuration.retentionDays, configuration.retentionInterval) == (7, 5))
    #expect(configuration.abandonedAfter == 3600)
    #expect(configuration.bypassesGovernance)
    #expect(configuration.plantedDefect == .acknowledgeBeforeCommit)
    #expect(configuration.allowedOrigins == ["https://console.example.com"])
    #expect(configuration.webhookAllowedHosts == ["hooks.internal:8443", "10.1.2.3", "::1"])
    #expect(configuration.oidc.settings?.maximumLifetime == 900)
    #expect(configuration.archive.usesPathStyle && configuration.archive.store != nil)
    #expect(configuration.archive.erasureLogStore != nil)
    #expect(configuration.sources.count == Variable.allCases.count)
  }

  @Test func theAdminPortFollowsThePort() throws {
    #expect(try Configuration(environment: ["HANSARD_PORT": "9000"]).adminPort == 9001)
    #expect(try Configuration(environment: ["HANSARD_PORT": "0"]).adminPort == 0)
    #expect(
      problems(["HANSARD_PORT": "65535"])
        == ["HANSARD_ADMIN_PORT: must be set when HANSARD_PORT is 65535"])
  }

  @Test(arguments: [
    ("HANSARD_PORT", "-1"), ("HANSARD_PORT", "65536"), ("HANSARD_PORT", "80a"),
    ("HANSARD_PORT", "99999999999999999999"), ("HANSARD_ADMIN_PORT", "8080"),
    ("HANSARD_DATABASE_POOL", "0"), ("HANSARD_LANES", "-1"), ("HANSARD_ENV", "Production"),
    ("HANSARD_LOG_LEVEL", "loud"), ("HANSARD_STATEMENT_CACHE", "maybe"),
    ("CANVAS_RECORDING_ENABLED", "2"), ("RECORDING_RETENTION_DAYS", "36501"),
    ("HANSARD_RETENTION_INTERVAL_SECONDS", "0"), ("HANSARD_RETENTION_INTERVAL_SECONDS", "3601"),
    ("HANSARD_ABANDONED_AFTER_SECONDS", "59"), ("HANSARD_ABANDONED_AFTER_SECONDS", "604801"),
    ("HANSARD_WEBHOOK_ALLOWED_HOSTS", "https://hooks.internal"),
    ("HANSARD_WEBHOOK_ALLOWED_HOSTS", "hooks.internal/x"),
    ("HANSARD_HOST", "a b"), ("DATABASE_URL", "mysql://db"), ("DATABASE_URL", "nonsense"),
    ("EMERGENCY_GOVERNANCE_BYPASS", "true"),
    ("HANSARD_PLANTED_DEFECT", "acknowledge-before-commit"), ("HANSARD_PLANTED_DEFECT", "x"),
  ])
  func refusesABadValueAndNamesItsVariable(variable: String, value: String) {
    let found = problems([variable: value])
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("\(variable): ") == true)
  }

  @Test func namesEveryProblemAtOnce() {
    let found = problems([
      "HANSARD_PORT": "x", "HANSARD_LANES": "x", "HANSARD_PROT": "1",
      "RECORDING_RETENTION_DAYS": "x",
    ])
    #expect(
      found == [
        "HANSARD_PORT: must be a whole number from 0 to 65535",
        "HANSARD_LANES: must be a whole number from 1 to 64",
        "RECORDING_RETENTION_DAYS: must be a whole number from 1 to 36500",
        "HANSARD_PROT: is not a variable of this program (did you mean HANSARD_PORT?)",
      ])
  }

  @Test func refusesUnknownNamesButKnowsThoseOfTheDemonstration() {
    #expect(
      problems(["HANSARD_NONSENSE": "1"])
        == ["HANSARD_NONSENSE: is not a variable of this program"])
    #expect(problems(["HANSARD_PORT_FILE_FILE": "1"]).count == 1)
    #expect(
      problems([
        "HANSARD_URL": "http://x", "HANSARD_TENANT": "t", "HANSARD_OTHER_ADMIN_KEY": "k",
        "HANSARD_OTHER_MEMBER_USER": "u", "HANSARD_DATABASE_URL": "d", "HANSARD_BUILD": "debug",
      ]).isEmpty)
  }

  @Test func aNameCannotBreakOutOfItsLine() {
    #expect(problems(["HANSARD_A\nB\u{1B}[31m": "1"]).first?.contains { $0.isNewline } == false)
  }

  @Test func readsASecretFromItsFile() throws {
    let directory = try TemporaryDirectory.make("configuration")
    defer { TemporaryDirectory.remove(directory) }
    let file = "\(directory)/url"
    try "postgresql://u:p@db/hansard\n".write(toFile: file, atomically: false, encoding: .utf8)
    let configuration = try Configuration(environment: ["DATABASE_URL_FILE": file])
    #expect(configuration.databaseURL == "postgresql://u:p@db/hansard")
    #expect(configuration.sources == [.databaseURL: .file])
    #expect(
      problems(["DATABASE_URL_FILE": file, "DATABASE_URL": "postgresql://db/x"])
        == ["DATABASE_URL: is set, and DATABASE_URL_FILE as well: set one of them"])
    #expect(
      problems(["DATABASE_URL_FILE": "\(directory)/missing"])
        == ["DATABASE_URL_FILE: names a file that cannot be read"])
    try Data(count: 65 * 1024).write(to: URL(fileURLWithPath: file))
    #expect(
      problems(["DATABASE_URL_FILE": file])
        == ["DATABASE_URL_FILE: names a file that cannot be read"])
    try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: file))
    #expect(
      problems(["DATABASE_URL_FILE": file])
        == ["DATABASE_URL_FILE: names a file that is not UTF-8 text"])
  }

  @Test func theBypassNeedsADevelopmentOrTestDeployment() throws {
    for stage in ["development", "test"] {
      let environment = ["EMERGENCY_GOVERNANCE_BYPASS": "true", "HANSARD_ENV": stage]
      #expect(try Configuration(environment: environment).bypassesGovernance)
    }
    #expect(
      problems(["EMERGENCY_GOVERNANCE_BYPASS": "true", "HANSARD_ENV": "production"])
        == ["EMERGENCY_GOVERNANCE_BYPASS: is refused unless HANSARD_ENV is development or test"])
  }

  @Test func refusesAPasswordFromAnExampleInProductionOnly() throws {
    let url = "postgresql://u:ch%61nge-me@db/x"
    #expect(
      problems(["DATABASE_URL": url])
        == ["DATABASE_URL: holds a password that everybody knows"])
    #expect(problems(["DATABASE_URL": url, "HANSARD_ENV": "test"]).isEmpty)
  }

  @Test func showsNoSecret() throws {
    let secret = "s3cr3t-pa55"
    let configuration = try Configuration(environment: [
      "DATABASE_URL": "postgresql://u:\(secret)@db/x?sslpassword=\(secret)",
      "HANSARD_MIGRATE_DATABASE_URL": "user=m password='\(secret)'",
    ])
    let report = configuration.report()
    #expect(!report.contains(secret))
    #expect(report.contains("DATABASE_URL=postgresql://u:***@db/x?sslpassword=***  # environment"))
    #expect(report.contains("HANSARD_PORT=8080  # default"))
    let bad = problems(["DATABASE_URL": secret, "HANSARD_PORT": secret, "HANSARD_ENV": secret])
    #expect(bad.count == 3)
    #expect(!bad.joined().contains(secret))
  }
}
