// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient

/// Recovers from an error by one strategy after the other; each attempt is logged, also while the
/// service is away.
@main
struct Recover {
  struct Unbalanced: Error {}

  static func main() async throws {
    let environment = ProcessInfo.processInfo.environment
    let client = try HansardClient(
      baseURL: environment["HANSARD_URL"] ?? "http://127.0.0.1:8080",
      apiKey: environment["HANSARD_MEMBER_KEY"].map { APIKey($0) })
    let logger = try await RecoveryAuditLogger.open(
      client: client, directory: environment["HANSARD_BUFFER"] ?? "recovery-buffer",
      options: .init(onLoss: { print("not logged: \($0.reason)") }))

    let error = RecoverableError(type: "SyntaxError", message: "Missing brace", source: "compiler")
    let result = await logger.attemptRecovery(from: error) { strategy, attempt in
      guard strategy == .retry else { throw Unbalanced() }
      var outcome = RecoveryOutcome(success: true, message: "Compiles again")
      outcome.changesMade = ["Added the brace"]
      outcome.filesModified = ["main.swift"]
      return outcome
    }
    print("\(result.sessionID): \(result.attempts) attempts, recovered: \(result.success)")

    let isDelivered = await logger.flush(within: .seconds(10))
    print(isDelivered ? "delivered" : "kept for later: \(await logger.pendingBytes()) bytes")
    await logger.close()
  }
}
