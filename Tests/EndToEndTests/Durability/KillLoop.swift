// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import TestSupport

/// Ends processes the hard way under parallel appends, round after round, and compares at the end
/// what clients were promised with what is there.
struct KillLoop: Sendable {
  /// What is ended in a round.
  enum Victim: String, Sendable, CaseIterable {
    /// `kill -9` of one instance of the service.
    case service
    /// `kill -9` of one backend: PostgreSQL ends all of them and recovers by itself.
    case backend
    /// `kill -9` of the postmaster and all its children.
    case postgres
    /// PostgreSQL's immediate stop.
    case immediateStop
    /// Nothing dies, but what PostgreSQL answers is lost on each connection, once.
    case answers
    /// The machine's power: PostgreSQL is killed and its disk forgets what was not synced.
    case power
    /// The room on PostgreSQL's disk: there is none, until all writers were refused for a while.
    case space
    /// The room for its log alone.
    case logSpace
    /// The syncs of PostgreSQL's disk: they fail, until all writers were refused for a while.
    case syncs

    /// Those that need no disk of a special kind.
    static let processes = [Victim.service, .backend, .postgres, .immediateStop, .answers]
  }

  /// What came of it.
  struct Report: Sendable {
    var findings: [Testimony.Finding]
    /// What is wrong with events that were sent once and without an id, and how many of them were
    /// acknowledged.
    var faultsOfOneShots: [String]
    var oneShots: Int
    /// Events whose leaf hash is not what the ledger computes from their columns.
    var wrongLeaves: Int
    /// Events that were sealed with another's nonce.
    var repeatedNonces: Int
    var surprises: [String]
    /// What does not fit in the lives of recordings, and how many lives were whole.
    var contradictions: [String]
    var lives: Int
    var stored: Int
    var lostAnswers: Int
    /// Pages of 4 KiB that the disk forgot.
    var forgottenPages: Int
    /// From the return of room or syncs to the first acknowledgement after it, for each time.
    var resumptions: [Duration]
    /// How often PostgreSQL panicked, by its log.
    var panics: Int
    /// How often a writer was refused, by code.
    var refusals: [String: Int]
    var summary: String
  }

  var rounds: Int
  var victims = Victim.processes
  var writers = 16
  var recordings = 4
  /// Further environment of the services.
  var environment: [String: String] = [:]
  /// Who else is there.
  var companion: Companion?
  /// Whether commits take time and room of their own: `Deployment.delayCommits`.
  var delaysCommits = false
  /// The defect: the disk says of each sync that it is done, and does nothing.
  var diskLies = false

  /// Somebody who does something of their own beside the writers.
  struct Companion: Sendable {
    /// Before anything is killed.
    var prepare: @Sendable (Scene) async throws -> Void
    /// Beside the writers; the loop is not over before it returns.
    var run: @Sendable (Scene) async throws -> Void
  }

  /// What a companion finds.
  struct Scene: Sendable {
    var deployment: Deployment
    var tenant: Tenant
    /// Of an admin of the tenant, one for each service.
    var clients: [Client]
    /// The environment of the services, whose way to PostgreSQL is the one on which answers are lost.
    var environment: [String: String]
    /// What the writers have sent, and where to.
    var journal: Journal
    var recordings: [String]
    /// Whether the last round is over.
    var isOver: @Sendable () -> Bool
  }

  /// A commit takes 5 ms at least and nobody but the committing backend writes the log, so that a
  /// kill meets many commits half-way. The defect, where it is planted, is found under the same
  /// settings under which its absence is shown.
  static let settings = [
    "commit_delay": "5000", "commit_siblings": "0", "wal_writer_delay": "10000",
  ]

  /// Runs all rounds on a deployment of its own.
  func run() async throws -> Report {
    if victims.contains(.power) || victims.contains(.syncs) {
      return try await ForgetfulDisk.with { try await run(on: .forgetful($0)) }
    }
    if victims.contains(.space) {
      return try await SmallDisk.with(megabytes: 256) { try await run(on: .small($0)) }
    }
    if victims.contains(.logSpace) {
      // The data is in memory as well, with room for all rounds: how long a recovery needs to sync
      // each file is not the question here.
      return try await SmallDisk.with(megabytes: 256 + 4 * rounds) { data in
        try await SmallDisk.with(megabytes: 64) { log in
          try await run(on: .smallForLog(log, data: data))
        }
      }
    }
    return try await run(on: .ordinary)
  }

  private func run(on disk: Disk) async throws -> Report {
    try await Deployment.with(settings: Self.settings, on: disk.path) { deployment in
      if case .smallForLog(let log, _) = disk { try await deployment.moveLog(to: log.path) }
      if delaysCommits { try await deployment.delayCommits() }
      let postgres = deployment.postgres
      return try await Relay.with(to: postgres.socketDirectory, port: postgres.port) { relay in
        let stage = try await KillLoopStage.make(deployment, relay, disk, self)
        if case .forgetful(let disk) = disk, diskLies { try disk.lie() }
        do {
          try await stage.play()
        } catch let error as TestSupportError {
          // Something did not happen in time.
          throw TestSupportError("\(error)\n\(await stage.situation())")
        }
        return try await stage.report()
      }
    }
  }

  /// What PostgreSQL's data is on.
  enum Disk: Sendable {
    case ordinary
    case forgetful(ForgetfulDisk)
    case small(SmallDisk)
    /// Its log is on one of its own.
    case smallForLog(SmallDisk, data: SmallDisk)

    /// Where that of the data is mounted; nil: it is the deployment's own.
    var path: String? {
      switch self {
      case .ordinary: nil
      case .forgetful(let disk): disk.path
      case .small(let disk), .smallForLog(_, let disk): disk.path
      }
    }

    /// What forgets.
    var forgetful: ForgetfulDisk? {
      if case .forgetful(let disk) = self { disk } else { nil }
    }

    /// What can be filled.
    var small: SmallDisk? {
      switch self {
      case .small(let disk), .smallForLog(let disk, _): disk
      case .ordinary, .forgetful: nil
      }
    }
  }
}
