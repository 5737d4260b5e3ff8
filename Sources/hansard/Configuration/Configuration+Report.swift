// Hansard
// SPDX-License-Identifier: Apache-2.0

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
    case .databasePool: String(databasePool)
    case .lanes: String(lanes)
    case .statementCache: usesStatementCache ? "on" : "off"
    case .masterKeyFile: masterKeyFile ?? ""
    case .logLevel: logLevel.rawValue
    case .sqlDirectory: sqlDirectory ?? ""
    case .recordingEnabled: String(isRecordingEnabled)
    case .retentionDays: String(retentionDays)
    case .emergencyBypass: String(bypassesGovernance)
    case .plantedDefect: plantedDefect.rawValue
    }
  }

  private func masked(_ url: String?) -> String {
    guard let url else { return "" }
    return ConnectionString(url)?.masked ?? "***"
  }
}
