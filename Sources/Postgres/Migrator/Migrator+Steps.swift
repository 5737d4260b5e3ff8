// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Migrator {
  /// Does one step, again and again while its tables are in use.
  func perform(
    _ step: MigrationPlan.Step, _ file: SQLFile, bookkeeping: Bookkeeping
  ) async throws(MigrationError) {
    guard file.isTransactional else {
      return try await performInPieces(step, file, bookkeeping)
    }
    try await retrying(step) { () async throws(MigrationError) in
      try await performWhole(step, file, bookkeeping)
    }
  }

  /// One transaction: the books first, since the migration may change the role, then its text as
  /// one message, so that the server's line numbers are those of the file.
  private func performWhole(
    _ step: MigrationPlan.Step, _ file: SQLFile, _ bookkeeping: Bookkeeping
  ) async throws(MigrationError) {
    do throws(MigrationError) {
      try await send("begin; set local lock_timeout = \(lockTimeout)")
      try await keep(bookkeeping.before)
      try await run(file.text, step, in: file, startingAt: 1)
      try await send("commit")
    } catch {
      await rollBack()
      throw error
    }
  }

  /// Statement by statement, each its own transaction, between two entries in the books.
  private func performInPieces(
    _ step: MigrationPlan.Step, _ file: SQLFile, _ bookkeeping: Bookkeeping
  ) async throws(MigrationError) {
    try await keep(bookkeeping.before)
    for statement in try statements(of: file) {
      // What runs concurrently holds up nobody while it waits, and a timeout would leave an
      // invalid index behind.
      let timeout = statement.isConcurrent ? 0 : lockTimeout
      try await send("set lock_timeout = \(timeout)")
      try await retrying(step) { () async throws(MigrationError) in
        try await run(statement.text, step, in: file, startingAt: statement.line)
      }
    }
    try await send("reset lock_timeout")
    if let after = bookkeeping.after { try await keep(after) }
  }

  /// Down SQL comes from the database, where another build has checked it before storing it.
  private func statements(of file: SQLFile) throws(MigrationError) -> [SQLStatement] {
    do throws(SQLScriptError) {
      return try SQLScript.statements(of: file.text)
    } catch {
      throw .invalidFile(file.name, line: error.line, reason: error.reason)
    }
  }

  private func retrying(
    _ step: MigrationPlan.Step, _ body: () async throws(MigrationError) -> Void
  ) async throws(MigrationError) {
    var attempt = 1
    while true {
      do throws(MigrationError) {
        return try await body()
      } catch {
        guard case .failed(_, _, _, let cause) = error, cause.isTableInUse else { throw error }
        guard attempt < options.attempts else { throw .blocked(step, attempts: attempt) }
      }
      // Doubling up to two seconds: those who queued behind the last attempt get through.
      try await pause(atMost: .milliseconds(100 << min(attempt, 4)))
      attempt += 1
    }
  }

  /// The migration's own SQL: what fails here is the migration's fault and names its file.
  private func run(
    _ sql: String, _ step: MigrationPlan.Step, in file: SQLFile, startingAt line: Int
  ) async throws(MigrationError) {
    do throws(PostgresError) {
      try await options.beforeMessage()
      try await connection.script(sql, deadline: options.statementLimit)
    } catch {
      guard error.code == .server, !error.isConnectionFailure else { throw .database(error) }
      let reported = error.reportedLine.map { line + $0 - 1 }
      throw .failed(step, file: file.name, line: reported ?? (line > 1 ? line : nil), error)
    }
  }

  private func send(_ sql: String) async throws(MigrationError) {
    try await asking { () async throws(PostgresError) in
      try await options.beforeMessage()
      try await connection.script(sql)
    }
  }

  private func keep(_ query: Query) async throws(MigrationError) {
    let rows = try await asking { () async throws(PostgresError) in
      try await options.beforeMessage()
      return try await connection.execute(query).count
    }
    guard rows == 1 else {
      // Only a second migrator can have changed the row since it was read.
      throw .locked(by: "it has changed the same migration meanwhile")
    }
  }

  private func rollBack() async {
    do throws(PostgresError) {
      try await connection.script("rollback")
    } catch {
      // A connection that is gone has rolled back; the error that led here is the one to report.
    }
  }

  private var lockTimeout: Int {
    let milliseconds = options.lockTimeout / .milliseconds(1)
    return Int(min(max(milliseconds, 1), 86_400_000))
  }
}

extension PostgresError {
  /// Worth another try: somebody held a lock for too long, or the two of us waited for each other.
  fileprivate var isTableInUse: Bool {
    sqlState == .lockNotAvailable || sqlState == .deadlockDetected
  }

  /// The line within the text sent, which libpq writes into its message as `LINE 3: …`.
  fileprivate var reportedLine: Int? {
    for line in serverMessage?.split(separator: "\n") ?? [] where line.hasPrefix("LINE ") {
      return Int(line.dropFirst(5).prefix { $0.isNumber })
    }
    return nil
  }
}
