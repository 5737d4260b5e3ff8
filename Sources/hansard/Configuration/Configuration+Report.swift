// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Logging

extension Configuration {
  /// What is in force, one `NAME=value` line for each variable and where it came from; secrets
  /// are masked.
  func report() -> String {
    Variable.allCases.map { variable in
      let source = sources[variable] ?? .standard
      return "\(variable.rawValue)=\(shown(variable))  # \(source.rawValue)"
    }.joined(separator: "\n")
  }

  private func shown(_ variable: Variable) -> String {
    switch variable {
    case .databaseURL: masked(databaseURL)
    case .migrateDatabaseURL: masked(migrateDatabaseURL)
    case .stage: stage.rawValue
    case .host: host
    case .port: String(port)
    case .adminPort: String(adminPort)
    case .allowedOrigins: allowedOrigins.joined(separator: ",")
    case .webhookAllowedHosts: webhookAllowedHosts.joined(separator: ",")
    case .databasePool: String(databasePool)
    case .lanes: String(lanes)
    case .statementCache: usesStatementCache ? "on" : "off"
    case .masterKeyFile: masterKeyFile ?? ""
    case .logLevel: logLevel.rawValue
    case .sqlDirectory: sqlDirectory ?? ""
    case .recordingEnabled: String(isRecordingEnabled)
    case .retentionDays: String(retentionDays)
    case .retentionInterval: String(retentionInterval)
    case .abandonedAfter: abandonedAfter.map { String($0) } ?? ""
    case .emergencyBypass: String(bypassesGovernance)
    case .plantedDefect: plantedDefect.rawValue
    case .oidcIssuer, .oidcAudience, .oidcKeys, .oidcTenantClaim, .oidcUserClaim, .oidcRoleClaim,
      .oidcRoles, .oidcAcceptPlainJWT, .oidcMaxTokenSeconds:
      oidc.shown(variable)
    case .archiveURL, .erasureLogURL, .s3Endpoint, .s3Region, .s3AccessKeyID, .s3SecretAccessKey,
      .s3PathStyle:
      archive.shown(variable)
    }
  }

  private func masked(_ url: String?) -> String {
    guard let url else { return "" }
    return ConnectionString(url)?.masked ?? "***"
  }
}

extension Configuration.OIDC {
  /// The value of one of the variables; there is no secret among them.
  fileprivate func shown(_ variable: Variable) -> String {
    switch variable {
    case .oidcIssuer: issuer ?? ""
    case .oidcAudience: audience ?? ""
    case .oidcKeys: keys ?? ""
    case .oidcTenantClaim: tenantClaim
    case .oidcUserClaim: userClaim
    case .oidcRoleClaim: roleClaim
    case .oidcRoles: roles ?? Self.ownNames
    case .oidcAcceptPlainJWT: String(acceptsPlainJWT)
    case .oidcMaxTokenSeconds: String(maximumLifetime)
    default: ""
    }
  }

  /// Each role by its own name.
  private static let ownNames = Role.allCases.map { "\($0.rawValue)=\($0.rawValue)" }
    .joined(separator: ",")
}
