// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient

/// Logs attempts as fast as it can and prints what the logger promised, until it is killed.
///
///     hansard-recovery-probe <url> <directory> <round>
///
/// With `full` for the round it is on a disk that takes nothing: it tries five times, and ends with 0 when
/// each time the disk was the reason.
@main
struct RecoveryProbe {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4 else { exit(64) }
    let client = try HansardClient(
      .init(
        baseURL: arguments[1], apiKey: nil, timeout: .seconds(5),
        retry: .init(attempts: 2, firstPause: .milliseconds(1), longestPause: .milliseconds(5))))
    let logger = try await RecoveryAuditLogger.open(
      client: client, directory: arguments[2], options: .init(longestPause: .milliseconds(20)))
    if arguments[3] == "full" { exit(await failures(of: logger) == 5 ? 0 : 1) }
    var number = 0
    while true {
      number += 1
      var attempt = RecoveryAttempt(
        errorType: "ProbeError", strategy: .retry, success: false, durationSeconds: 0.5)
      attempt.errorMessage = "\(arguments[3])-\(number)"
      attempt.context = Array("{\n \"filling\": \"\(String(repeating: "x", count: 300))\"}".utf8)
      let session = "probe-\(number % 2)"
      guard case .buffered = await logger.logRecoveryAttempt(attempt, session: session) else {
        exit(1)
      }
      // One call of the system: a line is there or not.
      FileHandle.standardOutput.write(Data("\(arguments[3])-\(number)\n".utf8))
    }
  }

  private static func failures(of logger: RecoveryAuditLogger) async -> Int {
    var failures = 0
    for _ in 1...5 {
      let attempt = RecoveryAttempt(
        errorType: "ProbeError", strategy: .retry, success: false, durationSeconds: 0.5)
      if case .lost(.disk) = await logger.logRecoveryAttempt(attempt, session: "s") {
        failures += 1
      }
    }
    return failures
  }
}
