// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance

/// `hansard restore …`
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a database right that was restored from a backup.",
    discussion: """
      What was erased since the backup is in the log of erasures, HANSARD_ERASURE_LOG_URL, and nowhere in the \
      database. Services that know the log are not ready before it was applied.
      """,
    subcommands: [ShowErasureLog.self, ReapplyErasures.self])
}

/// `hansard restore status`
struct ShowErasureLog: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how the database and the log of erasures stand to each other.",
    discussion: "Exit 1 unless the database is current.")

  @Flag(help: "Answer in JSON.")
  var json = false

  func run() async throws {
    let status = try await OperatorSession.with { session in
      guard let log = session.hansard.restoration.log else {
        throw CommandFailure("There is no log of erasures: HANSARD_ERASURE_LOG_URL is not set.")
      }
      return try await log.status()
    }
    Listing.show(
      [
        ("standing", .text(status.standing.rawValue)), ("segments", .number(status.segments)),
        ("waiting", .number(status.waiting)),
        ("oldest_waiting_at", .some(status.oldestWaiting?.rfc3339)),
      ], json: json)
    switch status.standing {
    case .current: return
    case .restored:
      throw CommandFailure(
        "The database is from before erasures. Say \"hansard restore reapply\".")
    case .missing, .unavailable:
      throw CommandFailure("The log of erasures is not the one of this database.")
    }
  }
}

/// `hansard restore reapply`
struct ReapplyErasures: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reapply",
    abstract:
      "Destroy again what was erased since the database's backup, as the log of erasures has it.",
    discussion: """
      Broken off, it goes on when it is run again. Recordings that were held or open at the time of the backup are \
      freed and ended: they were when they were erased. Exit 1 when a recording cannot be taken away, whose key is \
      destroyed all the same.
      """)

  @Flag(help: "Answer in JSON.")
  var json = false

  func run() async throws {
    let done = try await OperatorSession.with { session in
      try await session.hansard.restoration.reapply()
    }
    Listing.show(
      [
        ("segments", .number(done.segments)), ("recordings", .number(done.recordings)),
        ("recovery_sessions", .number(done.recoverySessions)),
        ("tenant_keys", .number(done.tenantKeys)), ("certificates", .number(done.certificates)),
        ("left", .number(done.left)),
      ], json: json)
    if done.left > 0 {
      throw CommandFailure("\(done.left) recordings without a key could not be taken away.")
    }
  }
}
