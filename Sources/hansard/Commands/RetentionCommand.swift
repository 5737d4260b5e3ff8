// Hansard
// SPDX-License-Identifier: Apache-2.0

import API
import ArgumentParser
import Governance
import Postgres

/// `hansard retention …`
struct RetentionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retention",
    abstract: "Purge what has expired, show what there is to purge, or what would be.",
    discussion: "A running service does this by itself, every HANSARD_RETENTION_INTERVAL_SECONDS.",
    subcommands: [
      RunRetention.self, ShowRetention.self, PreviewRetention.self, ConfirmClock.self,
    ])
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
          ("purged_recordings", .number(run.tally.recordings)),
          ("purged_events", .number(run.tally.events)),
          ("dropped_partitions", .number(run.tally.partitions)),
          ("purged_recovery_sessions", .number(run.tally.recoverySessions)),
          ("purged_recovery_attempts", .number(run.tally.recoveryAttempts)),
          ("completed_abandoned_recordings", .number(run.tally.abandonedRecordings)),
          ("changed_recordings", .number(run.tally.changedRecordings)),
          ("archived_recordings", .number(run.tally.archivedRecordings)),
          ("destroyed_archives", .number(run.tally.destroyedArchives)),
          ("trimmed_leftovers", .number(run.tally.leftovers)),
        ], json: json)
      if let reason = run.suspension { throw CommandFailure(suspendedBecause: reason) }
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
        ("due_recordings", .number(status.dueRecordings)),
        ("oldest_due_recording_at", .some(status.oldestDueRecording?.rfc3339)),
        ("held_recordings", .number(status.heldRecordings)),
        ("unswept_recordings", .number(status.unsweptRecordings)),
        ("purged_recordings", .number(status.purgedRecordings)),
        ("last_recording_purged_at", .some(status.lastRecordingPurgedAt?.rfc3339)),
        ("archived_recordings", .number(status.archivedRecordings)),
        ("archives_in_progress", .number(status.archivesInProgress)),
        ("condemned_archives", .number(status.condemnedArchives)),
        ("suspended_at", .some(status.suspendedAt?.rfc3339)),
        ("suspended_because", .some(status.suspendedBecause)),
        ("due_recovery_sessions", .number(status.dueRecoveries)),
        ("oldest_due_at", .some(status.oldestDue?.rfc3339)),
        ("unswept_recovery_sessions", .number(status.unsweptRecoveries)),
        ("purged_recovery_sessions", .number(status.purgedRecoveries)),
        ("last_purged_at", .some(status.lastPurgedAt?.rfc3339)),
      ], json: json)
  }
}

/// `hansard retention preview --days N`
struct PreviewRetention: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Show what a policy with so many retention days would let go; nothing is changed.",
    discussion: "Recovery sessions, and what is being recorded, are not in it.")

  @Option(help: "Days that a stopped recording would be kept.")
  var days: Int

  @Option(help: "The profile that the policy would have, unless the present one's.")
  var profile: RetentionProfile?

  @OptionGroup var options: OperatorOptions

  func validate() throws {
    guard (1...TenantPolicy.maximumRetentionDays).contains(days) else {
      throw ValidationError("--days is 1 to \(TenantPolicy.maximumRetentionDays).")
    }
  }

  func run() async throws {
    let preview = try await options.perform { hansard, caller in
      try await hansard.policies.previewRetention(days: days, profile: profile, by: caller)
    }
    let numbers: Listing.Fields = preview.numbers.map { number in
      (name: number.name, value: number.count.map { Listing.Value.number($0) })
    }
    let times: Listing.Fields = [
      ("applies_at", .text(preview.appliesAt.rfc3339)),
      ("oldest_started_at", .some(preview.oldestStartedAt?.rfc3339)),
      ("newest_started_at", .some(preview.newestStartedAt?.rfc3339)),
    ]
    Listing.show(numbers + times, json: options.json)
  }
}

/// `hansard retention confirm-clock`
struct ConfirmClock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm-clock",
    abstract: "Say that the database's clock is right, after it has jumped: purging goes on.",
    discussion: """
      Nothing is purged after a jump of more than an hour until somebody has looked. Look at the clock of the \
      database's host first: what has expired by it is destroyed within a minute.
      """)

  func run() async throws {
    try await OperatorSession.with { session in
      try await session.hansard.retention.confirmClock(by: "operator")
    }
    print("Purging goes on.")
  }
}

extension CommandFailure {
  fileprivate init(suspendedBecause reason: String) {
    self.init(
      """
      Nothing is purged: the database's clock has jumped (\(reason)). When it is right, say \
      "hansard retention confirm-clock".
      """)
  }
}
