// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Something about the applied migrations that is not as it should be.
package enum MigrationProblem: Sendable, Equatable {
  /// Applied, but this build does not know it: the database is newer, or of another product.
  case unknown(version: Int, name: String)
  /// Applied from another text, or under another name, than this build holds.
  case changed(version: Int, name: String)
  /// Not applied, although a later one is.
  case missing(version: Int, name: String)
  /// Interrupted outside of a transaction: some of its statements have happened.
  case halfApplied(version: Int, name: String)

  /// Everything wrong, by version. Migrations that are simply not applied yet are not a problem.
  static func all(known: [KnownMigration], applied: [AppliedMigration]) -> [MigrationProblem] {
    let current = applied.last?.version ?? 0
    let rows = Dictionary(applied.map { ($0.version, $0) }, uniquingKeysWith: { first, _ in first })
    var problems: [(version: Int, problem: MigrationProblem)] = []
    for migration in known where migration.version <= current {
      let (version, name) = (migration.version, migration.name)
      switch rows[version] {
      case nil: problems.append((version, .missing(version: version, name: name)))
      // What is half done is done again from this build's text, so a correction is no problem.
      case let row? where row.state != .applied: break
      case let row? where row.checksum != migration.checksum || row.name != name:
        problems.append((version, .changed(version: version, name: row.name)))
      default: break
      }
    }
    let versions = Set(known.map(\.version))
    for row in applied {
      if !versions.contains(row.version) {
        problems.append((row.version, .unknown(version: row.version, name: row.name)))
      }
      if row.state != .applied {
        problems.append((row.version, .halfApplied(version: row.version, name: row.name)))
      }
    }
    return problems.sorted { $0.version < $1.version }.map(\.problem)
  }
}

extension MigrationProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknown(let version, let name): "\(version) \(name): applied, unknown to this build"
    case .changed(let version, let name): "\(version) \(name): changed after it was applied"
    case .missing(let version, let name): "\(version) \(name): not applied, a later one is"
    case .halfApplied(let version, let name): "\(version) \(name): half applied"
    }
  }
}

/// One line of `migrate status`.
package struct MigrationStatus: Sendable, Equatable {
  package enum State: String, Sendable {
    case pending
    case applied
    case applying
    case reverting
  }

  package var version: Int
  package var name: String
  package var state: State
  /// Nil while pending.
  package var appliedAt: Timestamp?
  package var appliedBy: String?
  /// Whether this build holds the migration.
  package var isKnown: Bool

  /// All known and all applied migrations, by version.
  static func all(known: [KnownMigration], applied: [AppliedMigration]) -> [MigrationStatus] {
    let versions = Set(known.map(\.version))
    let rows = applied.map { row in
      MigrationStatus(
        version: row.version, name: row.name, state: State(row.state), appliedAt: row.appliedAt,
        appliedBy: row.appliedBy, isKnown: versions.contains(row.version))
    }
    let present = Set(applied.map(\.version))
    let pending = known.filter { !present.contains($0.version) }.map {
      MigrationStatus(version: $0.version, name: $0.name, state: .pending, isKnown: true)
    }
    return (rows + pending).sorted { $0.version < $1.version }
  }
}

extension MigrationStatus.State {
  init(_ state: AppliedMigration.State) {
    switch state {
    case .applied: self = .applied
    case .applying: self = .applying
    case .reverting: self = .reverting
    }
  }
}
