// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

extension PostgresConnection {
  /// Connects, within the configuration's `connectTimeout`.
  ///
  /// - Throws: `.misuse` for a bad conninfo or role, `.connectionFailed` with the server's SQLSTATE
  ///   if it gave one, `.cancelled`.
  package static func connect(
    _ configuration: PostgresConfiguration
  ) async throws(PostgresError) -> PostgresConnection {
    try await connect(configuration, reactor: .shared)
  }

  static func connect(
    _ configuration: PostgresConfiguration, reactor: Reactor
  ) async throws(PostgresError) -> PostgresConnection {
    try configuration.validate()
    let deadline = Deadline.after(configuration.connectTimeout)
    let handle = try await establish(configuration, reactor, deadline)
    let connection = PostgresConnection(handle: handle, configuration: configuration)
    try await connection.settle()
    return connection
  }

  /// Does `PQconnectStart` and `PQconnectPoll` until the session is there. Both may block (look-up
  /// of the host, files of TLS, deriving the key of a password), so each call gets a thread; the
  /// waits between them are the reactor's.
  static func establish(
    _ configuration: PostgresConfiguration, _ reactor: Reactor, _ deadline: Deadline
  ) async throws(PostgresError) -> ConnectionHandle {
    let handle = ConnectionHandle(reactor: reactor)
    let settings = [
      ("dbname", configuration.conninfo), ("application_name", configuration.applicationName),
      ("client_encoding", "UTF8"),
    ]
    let started = try await blocking(reactor, deadline) { handle.start(settings) }
    guard started else { throw PostgresError(.connectionFailed, context: "out of memory") }
    var status = PGRES_POLLING_WRITING
    while status != PGRES_POLLING_OK {
      guard status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING,
        handle.socket >= 0
      else { throw PostgresError(connecting: handle.message) }
      let interest = status == PGRES_POLLING_READING ? Reactor.Interest.readable : .writable
      try check(await reactor.wait(for: interest, on: handle.socket, until: deadline))
      status = try await blocking(reactor, deadline) { handle.poll() }
    }
    try handle.enterPipelineMode()
    return handle
  }

  private static func blocking<T: Sendable>(
    _ reactor: Reactor, _ deadline: Deadline, _ work: @escaping @Sendable () -> T
  ) async throws(PostgresError) -> T {
    let (value, outcome) = await BlockingCall.run(on: reactor, until: deadline, work)
    try check(outcome)
    guard let value else { throw PostgresError(.connectionFailed, context: "no thread") }
    return value
  }

  private static func check(_ outcome: Reactor.Outcome) throws(PostgresError) {
    switch outcome {
    case .ready: return
    case .timedOut: throw PostgresError(.connectionFailed, context: "connect timeout")
    case .cancelled: throw PostgresError(.cancelled, context: "while connecting")
    case .closed: throw PostgresError(.connectionFailed, context: "reactor stopped")
    case .failed(let error):
      throw PostgresError(.connectionFailed, context: "system error \(error)")
    }
  }

  /// The session's settings, whatever the role's or the database's defaults are. Without warnings a COMMIT
  /// that was not replicated would look like any other. Compiling a query, or starting processes for it,
  /// takes longer than nearly all of ours, and PostgreSQL, which has few statistics, may think otherwise.
  private func settle() async throws(PostgresError) {
    var queries = [
      Query("set client_min_messages = 'warning'", prepared: false),
      Query("set jit = off", prepared: false),
      Query("set max_parallel_workers_per_gather = 0", prepared: false),
    ]
    if let role = configuration.role {
      queries.append(Query("set role \(try SQLIdentifier(role).text)", prepared: false))
    }
    do throws(PostgresError) {
      _ = try await pipeline(queries, deadline: configuration.connectTimeout)
    } catch {
      close()
      throw error.code == .cancelled ? error : error.recoded(.connectionFailed)
    }
  }
}

extension PostgresConfiguration {
  /// - Throws: `.misuse` when libpq cannot read the conninfo or the role is no plain identifier.
  package func validate() throws(PostgresError) {
    if let role { _ = try SQLIdentifier(role) }
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(conninfo, &message) else {
      defer { PQfreemem(message) }
      throw PostgresError(
        .misuse, serverMessage: message.map { String(cString: $0) }, context: "conninfo unreadable")
    }
    PQconninfoFree(options)
  }
}

extension ConnectionHandle {
  /// One step of connecting; may block.
  func poll() -> PostgresPollingStatusType {
    connection.map { PQconnectPoll($0) } ?? PGRES_POLLING_FAILED
  }

  /// What a session needs before its first exchange.
  func enterPipelineMode() throws(PostgresError) {
    guard let connection, PQsetnonblocking(connection, 1) == 0,
      PQenterPipelineMode(connection) == 1
    else { throw PostgresError(.connectionFailed, context: "no pipeline mode") }
    PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
  }
}
