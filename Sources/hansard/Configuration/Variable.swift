// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Every environment variable that has a meaning here; a `HANSARD_…` that is none of these is
/// refused, so that a typing error is not silently ignored.
enum Variable: String, CaseIterable {
  case databaseURL = "DATABASE_URL"
  case migrateDatabaseURL = "HANSARD_MIGRATE_DATABASE_URL"
  case stage = "HANSARD_ENV"
  case host = "HANSARD_HOST"
  case port = "HANSARD_PORT"
  case adminPort = "HANSARD_ADMIN_PORT"
  case allowedOrigins = "HANSARD_ALLOWED_ORIGINS"
  case webhookAllowedHosts = "HANSARD_WEBHOOK_ALLOWED_HOSTS"
  case databasePool = "HANSARD_DATABASE_POOL"
  case lanes = "HANSARD_LANES"
  case statementCache = "HANSARD_STATEMENT_CACHE"
  case masterKeyFile = "HANSARD_MASTER_KEY_FILE"
  case logLevel = "HANSARD_LOG_LEVEL"
  case sqlDirectory = "HANSARD_SQL"
  case recordingEnabled = "CANVAS_RECORDING_ENABLED"
  case retentionDays = "RECORDING_RETENTION_DAYS"
  case retentionInterval = "HANSARD_RETENTION_INTERVAL_SECONDS"
  case abandonedAfter = "HANSARD_ABANDONED_AFTER_SECONDS"
  case emergencyBypass = "EMERGENCY_GOVERNANCE_BYPASS"
  case oidcIssuer = "HANSARD_OIDC_ISSUER"
  case oidcAudience = "HANSARD_OIDC_AUDIENCE"
  case oidcKeys = "HANSARD_OIDC_KEYS"
  case oidcTenantClaim = "HANSARD_OIDC_TENANT_CLAIM"
  case oidcUserClaim = "HANSARD_OIDC_USER_CLAIM"
  case oidcRoleClaim = "HANSARD_OIDC_ROLE_CLAIM"
  case oidcRoles = "HANSARD_OIDC_ROLES"
  case oidcAcceptPlainJWT = "HANSARD_OIDC_ACCEPT_PLAIN_JWT"
  case oidcMaxTokenSeconds = "HANSARD_OIDC_MAX_TOKEN_SECONDS"
  case archiveURL = "HANSARD_ARCHIVE_URL"
  case erasureLogURL = "HANSARD_ERASURE_LOG_URL"
  case s3Endpoint = "HANSARD_S3_ENDPOINT"
  case s3Region = "HANSARD_S3_REGION"
  case s3AccessKeyID = "HANSARD_S3_ACCESS_KEY_ID"
  case s3SecretAccessKey = "HANSARD_S3_SECRET_ACCESS_KEY"
  case s3PathStyle = "HANSARD_S3_PATH_STYLE"
  case plantedDefect = "HANSARD_PLANTED_DEFECT"

  /// The variable that names a file holding the value: `DATABASE_URL_FILE`.
  var fileVariable: String { rawValue + "_FILE" }

  /// Whether the value may hold a secret, so that it is masked wherever it is shown.
  var isSecret: Bool {
    switch self {
    case .databaseURL, .migrateDatabaseURL, .s3SecretAccessKey: true
    default: false
    }
  }
}

extension Variable {
  /// Names that start with our prefix and are read elsewhere: by the client commands (they are the
  /// names in `.hansard/demo.env`), by the scripts, the examples, and the private PostgreSQL.
  static let readElsewhere: Set<String> = {
    var names: Set<String> = [
      "HANSARD_URL", "HANSARD_KEY", "HANSARD_KEY_FILE", "HANSARD_DATABASE_URL", "HANSARD_BUILD",
      "HANSARD_POSTGRES_BIN", "HANSARD_STATE", "HANSARD_BENCH_DIRECTORY", "HANSARD_BUFFER",
    ]
    for tenant in ["HANSARD_", "HANSARD_OTHER_"] {
      names.insert(tenant + "TENANT")
      names.insert(tenant + "MEMBER_USER")
      for role in ["RECORDER", "MEMBER", "REVIEWER", "AUDITOR", "ADMIN"] {
        names.insert(tenant + role + "_KEY")
      }
    }
    return names
  }()

  /// Whether `name` is one of ours, directly or as the name of a file.
  static func isKnown(_ name: String) -> Bool {
    if readElsewhere.contains(name) || Variable(rawValue: name) != nil { return true }
    guard name.hasSuffix("_FILE") else { return false }
    return Variable(rawValue: String(name.dropLast("_FILE".count))) != nil
  }

  /// The known name that `name` was probably meant to be: at most two letters differ.
  static func closest(to name: String) -> String? {
    let known = allCases.map(\.rawValue) + readElsewhere.sorted()
    return known.map { (name: $0, distance: editDistance($0, name)) }
      .filter { $0.distance <= 2 }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?
      .name
  }

  /// Levenshtein's distance over bytes. Bounded: names longer than 64 bytes are nobody's typing
  /// error.
  private static func editDistance(_ first: String, _ second: String) -> Int {
    let first = Array(first.utf8)
    let second = Array(second.utf8)
    guard first.count <= 64, second.count <= 64 else { return .max }
    var row = Array(0...second.count)
    for (i, left) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in second.enumerated() {
        let replaced = diagonal + (left == right ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j + 1] + 1, row[j] + 1)
      }
    }
    return row[second.count]
  }
}
