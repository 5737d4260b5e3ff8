// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance
import Postgres

/// `hansard retention …`
struct RetentionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "Purge what has expired, or show what there is to purge; of all tenants.",
    discussion: "A running service does this by itself, every HANSARD_RETENTION_INTERVAL_SECONDS.",
    subcommands: [RunRetention.self, ShowRetention.self])
}

/// `hansard retention run --once`
struct RunRetention: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Purge until nothing is due that can be had; exit 1 when something failed.",
    discussion: "What others hold at the moment is left. It may be run beside services.")

  @Flag(help: "Once, and now: what is done again and again is the service's.")
  var once = false

  @Flag(help: "Answer in JSON.")
  var json = false

  func validate() throws {
    guard once else { throw ValidationError("Give --once: services do it again and again.") }
  }

  func run() async throws {
    try await OperatorSession.with { session in
      let run = await session.hansard.retention.run()
      Listing.show(
        [
          ("purged_recovery_sessions", .number(run.tally.recoverySessions)),
          ("purged_recovery_attempts", .number(run.tally.recoveryAttempts)),
        ], json: json)
      if let failure = run.failure { throw failure }
    }
  }
}

/// `hansard retention status`
struct ShowRetention: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how much is due, since when, and what was purged.")

  @Flag(help: "Answer in JSON.")
  var json = false

  func run() async throws {
    let status = try await OperatorSession.with { session in
      try await session.hansard.retention.status()
    }
    Listing.show(
      [
        ("due_recovery_sessions", .number(status.dueRecoveries)),
        ("oldest_due_at", .some(status.oldestDue?.rfc3339)),
        ("unswept_recovery_sessions", .number(status.unsweptRecoveries)),
        ("purged_recovery_sessions", .number(status.purgedRecoveries)),
        ("last_purged_at", .some(status.lastPurgedAt?.rfc3339)),
      ], json: json)
  }
}
