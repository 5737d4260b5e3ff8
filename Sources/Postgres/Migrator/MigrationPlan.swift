// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A migration as the database remembers it: the row of `hansard_migrations.applied`.
package struct AppliedMigration: Sendable, Equatable {
  package enum State: String, Sendable {
    case applied
    /// Begun outside of a transaction, not finished.
    case applying
    /// Its taking back was begun outside of a transaction, not finished.
    case reverting
  }

  package var version: Int
  package var name: String
  /// SHA-256 of the up file.
  package var checksum: [UInt8]
  /// What takes it back, markers included, whether or not this build knows the migration.
  package var downSQL: String
  package var isDownDestructive: Bool
  package var state: State
  package var appliedAt: Timestamp
  /// The database user.
  package var appliedBy: String

  var down: SQLFile { SQLFile(name: "stored down of \(version) \(name)", text: downSQL) }
}

/// A migration of this build, with the checksum that the server computed.
package struct KnownMigration: Sendable, Equatable {
  package var version: Int
  package var name: String
  package var checksum: [UInt8]
  package var isTransactional: Bool
}

/// What is to be done to get from the applied migrations to a version: a pure function of both.
package struct MigrationPlan: Sendable, Equatable {
  package enum Direction: String, Sendable {
    case up
    case down
  }

  package struct Step: Sendable, Equatable, CustomStringConvertible {
    package var direction: Direction
    package var version: Int
    package var name: String
    package var isTransactional = true
    /// Loses data that the older schema cannot hold.
    package var isDestructive = false
    /// What that is; may be empty where it is destructive, of old databases.
    package var losses: [MigrationLoss] = []
    /// It was begun before and not finished.
    package var isRepeated = false

    package var description: String { "migration \(direction.rawValue) \(version) \(name)" }
  }

  package var steps: [Step]

  /// Upwards to `target`, or to the latest known version. An interrupted migration on top is
  /// applied again, in whichever direction it was interrupted.
  package static func up(
    known: [KnownMigration], applied: [AppliedMigration], to target: Int?
  ) throws(MigrationRefusal) -> MigrationPlan {
    let latest = known.last?.version ?? 0
    if let target, target > latest || target < 0 { throw .unknownTarget(target, latest: latest) }
    try check(known: known, applied: applied)
    let top = applied.last
    let current = top?.version ?? 0
    let target = target ?? latest
    guard target >= current else { throw .targetIsBehind(target, current: current) }
    let isInterrupted = top.map { $0.state != .applied } ?? false
    let first = isInterrupted ? current : current + 1
    return MigrationPlan(
      steps: known.filter { $0.version >= first && $0.version <= target }.map { migration in
        Step(
          direction: .up, version: migration.version, name: migration.name,
          isTransactional: migration.isTransactional, isRepeated: migration.version == current)
      })
  }

  /// Downwards to `target`, or by one step. Asks only what the database has stored, so that a
  /// build which does not know a migration can take it back.
  package static func down(
    applied: [AppliedMigration], to target: Int?, allowDataLoss: Bool
  ) throws(MigrationRefusal) -> MigrationPlan {
    guard let top = applied.last else {
      if target == 0 { return MigrationPlan(steps: []) }
      throw .nothingToTakeBack
    }
    let target = target ?? applied.dropLast().last?.version ?? 0
    guard target <= top.version else { throw .targetIsAhead(target, current: top.version) }
    guard target == 0 || applied.contains(where: { $0.version == target }) else {
      throw .unknownTarget(target, latest: top.version)
    }
    let steps = applied.filter { $0.version > target }.reversed().map { migration in
      Step(
        direction: .down, version: migration.version, name: migration.name,
        isTransactional: migration.down.isTransactional,
        isDestructive: migration.isDownDestructive, losses: migration.down.losses,
        isRepeated: migration.state != .applied)
    }
    let losing = steps.filter(\.isDestructive)
    guard allowDataLoss || losing.isEmpty else { throw .dataLoss(losing) }
    return MigrationPlan(steps: steps)
  }

  private static func check(
    known: [KnownMigration], applied: [AppliedMigration]
  ) throws(MigrationRefusal) {
    let latest = known.last?.version ?? 0
    let unknown = applied.map(\.version).filter { $0 > latest }
    guard unknown.isEmpty else {
      throw .databaseIsNewer(unknown: unknown, latestKnown: latest)
    }
    for problem in MigrationProblem.all(known: known, applied: applied) {
      switch problem {
      case .changed(let version, let name): throw .changed(version: version, name: name)
      case .missing(let version, _): throw .missing(version: version)
      case .halfApplied(let version, let name) where version != applied.last?.version:
        throw .halfApplied(version: version, name: name)
      case .halfApplied, .unknown: break
      }
    }
  }
}
