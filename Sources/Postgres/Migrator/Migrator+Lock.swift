// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Migrator {
  /// Runs `body` as the only migrator of the database.
  ///
  /// The lock is polled. A session that waits inside `pg_advisory_lock` keeps a snapshot, and
  /// `create index concurrently` waits for every older snapshot: the two would wait for each other.
  func holdingLock<T: Sendable>(
    _ body: () async throws(MigrationError) -> T
  ) async throws(MigrationError) -> T {
    guard options.takesLock else { return try await body() }
    try await takeLock()
    try await asking(setDeadlockTimeout)
    let result: Result<T, MigrationError>
    do throws(MigrationError) {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    do throws(PostgresError) {
      try await unlock()
    } catch {
      // The connection is gone, and the lock with it; what `body` did is what counts.
    }
    return try result.get()
  }

  /// Runs what only asks, or keeps the books.
  func asking<T: Sendable>(
    _ body: () async throws(PostgresError) -> T
  ) async throws(MigrationError) -> T {
    do throws(PostgresError) {
      return try await body()
    } catch {
      throw .database(error)
    }
  }

  /// A pause of between half of `longest` and all of it, so that migrators do not keep step.
  func pause(atMost longest: Duration) async throws(MigrationError) {
    do {
      try await Task.sleep(for: longest * Double.random(in: 0.5...1))
    } catch {
      throw .database(PostgresError(.cancelled, context: "while waiting to migrate"))
    }
  }

  private func takeLock() async throws(MigrationError) {
    let deadline = ContinuousClock.now + options.otherMigratorLimit
    while try await asking(tryLock) == false {
      guard ContinuousClock.now < deadline else {
        throw .locked(by: try await asking(lockHolder))
      }
      try await pause(atMost: .milliseconds(200))
    }
  }
}
