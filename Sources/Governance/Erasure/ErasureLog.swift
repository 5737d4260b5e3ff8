// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// The log of erasures: which keys were destroyed, in files apart from the database, so that a database that comes
/// back from a backup destroys again what had been destroyed since.
///
/// What destroys a key takes note of it in the same transaction. The retention worker settles which notes the next file
/// holds, writes it, and has the database count it: whoever is interrupted, or does it twice, writes the same bytes.
/// A file that the database has not counted is of a writer that was interrupted, or of a future that the database
/// does not know: it was restored. Which of them tells a look at whether its erasures have happened.
package struct ErasureLog: Sendable {
  /// How the database and the log stand to each other.
  package enum Standing: String, Sendable {
    /// All that was erased is erased in this database too.
    case current
    /// The database is from before erasures: nothing may be served before they were applied again.
    case restored
    /// A file is missing that the database knows of: this is not its log.
    case missing = "erasure_log_missing"
    /// Nobody could look yet.
    case unavailable = "erasure_log_unavailable"
  }

  /// What is in the log and what is not.
  package struct Status: Sendable {
    package var standing: Standing
    /// Files that the database knows of.
    package var segments: Int64
    /// Erasures that are in no file yet, and since when.
    package var waiting: Int64
    package var oldestWaiting: Timestamp?
  }

  let database: Database
  let files: ErasureFiles

  /// Compares the two, and completes what an interrupted writer has left.
  ///
  /// - Throws: What the store and the database throw, `ErasureLogError`.
  func look() async throws -> Standing {
    var known = try await position()
    guard try await isOurs(upTo: known) else { return .missing }
    while let erasures = try await files.read(known + 1) {
      if try await !surviving(erasures).isEmpty { return .restored }
      try await settle(known + 1, erasures)
      known += 1
    }
    return .current
  }

  /// Whether the last file that the database knows of is there: else it is another log, or a place that is not
  /// mounted.
  func isOurs(upTo known: Int64) async throws -> Bool {
    if known == 0 { return true }
    return try await files.has(known)
  }

  /// Writes what waits; how many erasures that was. To be asked of a database that is known to be current.
  ///
  /// - Throws: What the store and the database throw, `ErasureLogError`.
  func write() async throws -> Int64 {
    var written: Int64 = 0
    while true {
      let known = try await position()
      guard try await isOurs(upTo: known) else { throw ErasureLogError(segment: known) }
      let erasures = try await database.readAsRetention(
        .cutErasures(behind: known, most: ErasureFormat.mostErasures)
      ).map { try Erasure($0) }
      if erasures.isEmpty { return written }
      try await files.write(erasures, as: known + 1)
      try await settle(known + 1, erasures)
      written += Int64(erasures.count)
    }
  }

  /// Those of a file that have not happened in this database.
  func surviving(_ erasures: [Erasure]) async throws -> [Erasure] {
    let rows = try await database.readAsRetention(
      .survivingErasures(erasures), deadline: RecoveryAudit.longDeadline)
    return try rows.compactMap { row in
      let place = Int(try row.decode(0, as: Int64.self)) - 1
      return erasures.indices.contains(place) ? erasures[place] : nil
    }
  }

  /// How many files the database knows of.
  func position() async throws -> Int64 {
    let rows = try await database.readAsRetention(.erasureLogPosition)
    guard let row = rows.first else { throw DomainError.unreadable }
    return try row.decode(0)
  }

  /// Has the database count the next file, which says this; nothing, where it has.
  func settle(_ segment: Int64, _ erasures: [Erasure]) async throws {
    _ = try await database.readAsRetention(.settleErasures(segment, erasures))
  }

  /// How it all stands.
  package func status() async throws -> Status {
    let standing = try await look()
    guard let row = try await database.readAsRetention(.erasureLogState).first else {
      throw DomainError.unreadable
    }
    var column = row.reader()
    return Status(
      standing: standing, segments: try column.next(), waiting: try column.next(),
      oldestWaiting: try column.next())
  }
}
