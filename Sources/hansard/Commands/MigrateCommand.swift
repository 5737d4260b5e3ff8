// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance
import Postgres

/// `hansard migrate …`
struct MigrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Bring the database's schema up or down.",
    discussion: """
      Logs in as HANSARD_MIGRATE_DATABASE_URL says, else as DATABASE_URL. See docs/migrations.md.
      """,
    subcommands: [
      MigrateUp.self, MigrateDown.self, MigrateStatus.self, MigratePlan.self, MigrateVerify.self,
    ])

  /// Runs one piece of work with a migrator of the configured database.
  static func perform<T: Sendable>(
    _ body: (Migrator) async throws(MigrationError) -> T
  ) async throws -> T {
    var configuration = try Configuration.ofProcess()
    // The migrator's login alone says which database is meant.
    configuration.databaseURL = configuration.databaseURL ?? configuration.migrateDatabaseURL
    return try await Site.with(configuration) { site in
      try await site.withMigrator(body)
    }
  }
}

/// `hansard migrate up`
struct MigrateUp: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Apply what is missing.")

  @Option(help: "Stop after this version instead of the latest.")
  var to: Int?

  func run() async throws {
    let steps = try await MigrateCommand.perform { migrator async throws(MigrationError) in
      try await migrator.up(to: to)
    }
    print(steps.isEmpty ? "nothing to do" : "\(steps.count) applied")
  }
}

/// `hansard migrate down`
struct MigrateDown: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down",
    abstract: "Take back the latest migration, by the SQL that was stored when it was applied.")

  @Option(help: "Take back everything above this version; 0 is everything.")
  var to: Int?

  @Flag(
    help: "Also where data is lost; without it, what that is is shown.")
  var allowDataLoss = false

  func run() async throws {
    let steps = try await MigrateCommand.perform { migrator async throws(MigrationError) in
      try await migrator.down(to: to, allowDataLoss: allowDataLoss)
    }
    print(steps.isEmpty ? "nothing to do" : "\(steps.count) taken back")
  }
}

/// `hansard migrate plan`
struct MigratePlan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what would be done; change nothing.")

  @Option(help: "The version to go to, up or down; the latest unless given.")
  var to: Int?

  func run() async throws {
    let plan = try await MigrateCommand.perform { migrator async throws(MigrationError) in
      try await migrator.plan(to: to)
    }
    if plan.steps.isEmpty { print("nothing to do") }
    for step in plan.steps {
      let remarks = [
        step.isTransactional ? nil : "not in one transaction",
        step.isDestructive ? "loses data" : nil, step.isRepeated ? "was interrupted" : nil,
      ].compactMap { $0 }
      print(remarks.isEmpty ? "\(step)" : "\(step) (\(remarks.joined(separator: ", ")))")
      for loss in step.losses { print("  \(loss)") }
    }
  }
}

/// `hansard migrate status`
struct MigrateStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show every known and every applied migration.")

  func run() async throws {
    let all = try await MigrateCommand.perform { migrator async throws(MigrationError) in
      try await migrator.status()
    }
    for line in all {
      let when = line.appliedAt.map { " at \($0.rfc3339)" } ?? ""
      let who = line.appliedBy.map { " by \($0)" } ?? ""
      let remark = line.isKnown ? "" : " (unknown to this build)"
      print("\(line.version) \(line.name): \(line.state.rawValue)\(when)\(who)\(remark)")
    }
  }
}

/// `hansard migrate verify`
struct MigrateVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compare the applied migrations with this build's; exit 1 when they differ.")

  func run() async throws {
    let problems = try await MigrateCommand.perform { migrator async throws(MigrationError) in
      try await migrator.verify()
    }
    for problem in problems { print(problem) }
    guard problems.isEmpty else { throw ExitCode.failure }
    print("the applied migrations are those of this build")
  }
}
