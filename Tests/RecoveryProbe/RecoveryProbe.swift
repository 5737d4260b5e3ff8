// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient

/// Logs attempts as fast as it can and prints what the logger promised, until it is killed.
///
///     hansard-recovery-probe <url> <directory> <round>
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
}
