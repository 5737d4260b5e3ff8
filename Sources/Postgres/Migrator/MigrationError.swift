// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Why migrating did not start, or where it stopped.
///
/// Migrations hold schema, not data: unlike elsewhere, the description shows what the server said.
package enum MigrationError: Error, Sendable {
  /// A file of the set cannot be used.
  case invalidFile(String, line: Int?, reason: String)
  /// The directory cannot be used.
  case invalidSet(String)
  /// What was asked for does not fit the state of the database.
  case refused(MigrationRefusal)
  /// Another migrator kept the lock for the whole wait; what is known of it.
  case locked(by: String)
  /// A statement failed. In a transaction nothing of the migration is left; without one the
  /// statements before it are, and the migration is marked as half done.
  case failed(MigrationPlan.Step, file: String, line: Int?, PostgresError)
  /// The tables were in use at every attempt.
  case blocked(MigrationPlan.Step, attempts: Int)
  /// The database could not be asked, or the connection broke.
  case database(PostgresError)
}

extension MigrationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalidFile(let file, let line, let reason):
      "migration file \(file)\(line.map { ":\($0)" } ?? ""): \(reason)"
    case .invalidSet(let reason): "migrations: \(reason)"
    case .refused(let refusal): refusal.description
    case .locked(let holder): "another migration is running: \(holder)"
    case .failed(let step, let file, let line, let error):
      "\(step) failed at \(file)\(line.map { ":\($0)" } ?? ""): \(Self.text(of: error))"
    case .blocked(let step, let attempts):
      "\(step): its tables were in use at each of \(attempts) attempts; "
        + "look for long transactions in pg_stat_activity and try again"
    case .database(let error): "migrations: \(Self.text(of: error))"
    }
  }

  private static func text(of error: PostgresError) -> String {
    let message = error.serverMessage?.split(separator: "\n").map(String.init) ?? []
    // The server's source location tells the reader nothing.
    let lines = message.filter { !$0.hasPrefix("LOCATION:") }
    return lines.isEmpty ? error.description : lines.joined(separator: "\n")
  }
}

/// What was asked for does not fit the state of the database.
package enum MigrationRefusal: Error, Sendable, Equatable {
  /// The database holds versions that this build does not know.
  case databaseIsNewer(unknown: [Int], latestKnown: Int)
  /// An applied migration is not the one that this build holds.
  case changed(version: Int, name: String)
  /// This version is not applied, but a later one is.
  case missing(version: Int)
  /// A migration below the latest is half done.
  case halfApplied(version: Int, name: String)
  /// There is no such version.
  case unknownTarget(Int, latest: Int)
  /// Up to a version that is behind the database.
  case targetIsBehind(Int, current: Int)
  /// Down to a version that is not reached.
  case targetIsAhead(Int, current: Int)
  /// Nothing is applied.
  case nothingToTakeBack
  /// Taking these back loses data, and that was not allowed.
  case dataLoss([MigrationPlan.Step])
}

extension MigrationRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .databaseIsNewer(let unknown, let latest):
      "the database holds migrations \(unknown.map(String.init).joined(separator: ", ")), "
        + "this build knows up to \(latest): use the newer build, or go back with "
        + "'migrate down --to \(latest)'"
    case .changed(let version, let name):
      "migration \(version) \(name) was changed after it had been applied"
    case .missing(let version):
      "migration \(version) is not applied, but a later one is"
    case .halfApplied(let version, let name):
      "migration \(version) \(name) is half done, but a later one is applied"
    case .unknownTarget(let target, let latest):
      "there is no migration \(target); the latest is \(latest)"
    case .targetIsBehind(let target, let current):
      "the database is at \(current): going to \(target) is 'migrate down --to \(target)'"
    case .targetIsAhead(let target, let current):
      "the database is at \(current): going to \(target) is 'migrate up --to \(target)'"
    case .nothingToTakeBack: "no migration is applied"
    case .dataLoss(let steps):
      steps.map(Self.losses).joined(separator: "\n")
        + "\nnothing was taken back: say --allow-data-loss if that is meant"
    }
  }

  private static func losses(of step: MigrationPlan.Step) -> String {
    let losses = step.losses.map { "\n  \($0)" }.joined()
    let colon = losses.isEmpty ? "" : ":"
    return "taking back \(step.version) \(step.name) loses data\(colon)\(losses)"
  }
}
