// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Brings the schema of one database up and down by numbered steps.
///
/// Each migration is one transaction with its row in `hansard_migrations.applied`, unless its file
/// says `-- migrate: no-transaction`; such a one is run statement by statement, is visible as half
/// applied from its first statement to its last, and is run again as a whole when it was
/// interrupted: write it so that it can be (`drop index concurrently if exists` first).
///
/// Any number of migrators may run at once: a session lock lets one work, the others wait for it
/// and find nothing left to do. Needs a connection of its own, and not through a pooler that gives
/// transactions away.
package struct Migrator: Sendable {
  /// Waits and limits.
  package struct Options: Sendable {
    /// Longest wait of a migration for a table's lock. Writers queue up behind it meanwhile, so it
    /// gives way and tries again.
    package var lockTimeout: Duration = .milliseconds(500)
    /// After so long a wait PostgreSQL looks who is in the way, and ends an autovacuum that is: its own 1 s
    /// comes after `lockTimeout`. Only where whoever migrates may set it; nil: as the server has it.
    package var deadlockTimeout: Duration? = .milliseconds(100)
    /// How often a migration is tried while its tables are in use.
    package var attempts = 40
    /// Longest wait for another migrator.
    package var otherMigratorLimit: Duration = .seconds(300)
    /// Longest time of one migration, or of one statement outside of a transaction.
    package var statementLimit: Duration = .seconds(3600)
    /// Called before each step.
    package var report: @Sendable (MigrationPlan.Step) -> Void = { _ in }
    /// Called before each message to the server that changes something; tests cut there.
    var beforeMessage: @Sendable () async throws(PostgresError) -> Void = {}
    /// Only tests leave the lock out, to see that it is needed.
    var takesLock = true

    package init() {}
  }

  let connection: PostgresConnection
  let set: MigrationSet
  let options: Options

  package init(connection: PostgresConnection, set: MigrationSet, options: Options = Options()) {
    self.connection = connection
    self.set = set
    self.options = options
  }

  /// Applies what is missing, up to `target` or to the latest version; returns what it did.
  ///
  /// Throws a `MigrationError`. The steps before the one that failed stay applied.
  @discardableResult
  package func up(to target: Int? = nil) async throws(MigrationError) -> [MigrationPlan.Step] {
    try await holdingLock { () async throws(MigrationError) in
      try await makeTable()
      let steps = try await planUp(to: target).steps
      for step in steps {
        guard let migration = set[version: step.version] else { continue }
        options.report(step)
        try await perform(step, migration.up, bookkeeping: .init(applying: migration))
      }
      return steps
    }
  }

  /// Takes back what is above `target`, or the latest migration, by the SQL that was stored when
  /// it was applied; returns what it did.
  ///
  /// Refuses as a whole, before the first step, when one of them loses data and `allowDataLoss` is
  /// false.
  @discardableResult
  package func down(
    to target: Int? = nil, allowDataLoss: Bool = false
  ) async throws(MigrationError) -> [MigrationPlan.Step] {
    try await holdingLock { () async throws(MigrationError) in
      let applied = try await applied()
      let steps = try await planDown(applied, to: target, allowDataLoss: allowDataLoss).steps
      for step in steps {
        guard let row = applied.first(where: { $0.version == step.version }) else { continue }
        options.report(step)
        try await perform(step, row.down, bookkeeping: .init(reverting: row))
      }
      return steps
    }
  }

  /// What `up`, or `down` for a target behind the database, would do, and what it would lose. Changes nothing.
  package func plan(to target: Int? = nil) async throws(MigrationError) -> MigrationPlan {
    let applied = try await applied()
    if let target, let current = applied.last?.version, target < current {
      let plan = try await planDown(applied, to: target, allowDataLoss: true)
      return MigrationPlan(steps: try await counted(plan.steps))
    }
    return try await planUp(to: target)
  }

  /// Every known and every applied migration. Changes nothing.
  package func status() async throws(MigrationError) -> [MigrationStatus] {
    MigrationStatus.all(known: try await known(), applied: try await applied())
  }

  /// What is wrong with the applied migrations; empty when nothing is. Changes nothing, and needs
  /// only the right to read the table, so that a service can ask at its start.
  package func verify() async throws(MigrationError) -> [MigrationProblem] {
    MigrationProblem.all(known: try await known(), applied: try await applied())
  }

  private func planUp(to target: Int?) async throws(MigrationError) -> MigrationPlan {
    let (known, applied) = (try await known(), try await applied())
    do throws(MigrationRefusal) {
      return try MigrationPlan.up(known: known, applied: applied, to: target)
    } catch {
      throw .refused(error)
    }
  }

  private func planDown(
    _ applied: [AppliedMigration], to target: Int?, allowDataLoss: Bool
  ) async throws(MigrationError) -> MigrationPlan {
    do throws(MigrationRefusal) {
      return try MigrationPlan.down(applied: applied, to: target, allowDataLoss: allowDataLoss)
    } catch {
      guard case .dataLoss(let steps) = error else { throw .refused(error) }
      throw .refused(.dataLoss(try await counted(steps)))
    }
  }
}
