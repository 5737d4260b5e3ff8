// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardJSON
import Synchronization
import TestSupport
import Testing

@testable import HansardClient

/// What tests of the logger need.
enum LoggerStage {
  static func attempt(_ message: String) -> RecoveryAttempt {
    var attempt = RecoveryAttempt(
      errorType: "TestError", strategy: .fix, success: true, durationSeconds: 1.5)
    attempt.errorMessage = message
    return attempt
  }

  static func inDirectory<T>(_ body: (String) async throws -> T) async throws -> T {
    let directory = try TemporaryDirectory.make("logger")
    defer { TemporaryDirectory.remove(directory) }
    return try await body("\(directory)/buffer")
  }

  static func open(
    _ server: ScriptedServer, _ directory: String, bytes: Int = 1 << 20,
    losses: Losses = Losses(), forbiddenPatience: Duration = .seconds(3600)
  ) async throws -> RecoveryAuditLogger {
    try await RecoveryAuditLogger.open(
      client: client(of: server, attempts: 1), directory: directory,
      options: .init(
        bufferBytes: bytes, longestPause: .milliseconds(5), readDelay: .milliseconds(200),
        forbiddenPatience: forbiddenPatience,
        onLoss: { loss in losses.all.withLock { $0.append(loss) } }))
  }

  final class Losses: Sendable {
    let all = Mutex<[RecoveryAuditLogger.Loss]>([])
    var reasons: [RecoveryAuditLogger.Loss.Reason] { all.withLock { $0.map(\.reason) } }
  }
}
