// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ
import Glibc

/// Owner of one `PGconn`.
///
/// `@unchecked Sendable`; the rule: libpq is entered by one thread at a time, either by the actor
/// that holds the handle or by the thread that the actor has lent it to and waits for. A connection
/// attempt that is given up while such a thread is inside libpq is never touched again by anybody
/// but that thread; the last reference finishes it.
final class ConnectionHandle: @unchecked Sendable {
  /// Nil once closed.
  private(set) var connection: OpaquePointer?
  let notices = NoticeSink()
  let reactor: Reactor

  init(reactor: Reactor) {
    self.reactor = reactor
  }

  deinit { close() }

  /// The current socket, -1 without one. It may change while connecting, under the same number
  /// too; libpq closes the old one, which deregisters it.
  var socket: Int32 { connection.map { PQsocket($0) } ?? -1 }

  /// Starts connecting; may block (host names). False when there is no memory for a `PGconn`.
  func start(_ settings: [(String, String)]) -> Bool {
    let keywords = settings.map { strdup($0.0) } + [nil]
    let values = settings.map { strdup($0.1) } + [nil]
    defer { for text in keywords + values { free(text) } }
    connection = PQconnectStartParams(
      keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
    guard let connection else { return false }
    notices.attach(to: connection)
    // So that the messages of a failed attempt begin with the SQLSTATE.
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
    return true
  }

  /// Deregisters the socket and finishes the connection. Does not block: the socket is
  /// non-blocking, and libpq drops a farewell that does not fit.
  func close() {
    guard let connection else { return }
    // Only a socket that is open: the number of one that libpq has closed may be another's by now.
    if socket >= 0 { reactor.forget(socket) }
    self.connection = nil
    PQfinish(connection)
  }

  /// What libpq says last about the connection. May hold values.
  var message: String {
    connection.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? ""
  }

  /// Asks the server to cancel what the connection is doing, on a thread of its own: the request
  /// is a connection of its own and blocks. Best effort; its outcome is not awaited.
  func requestCancel() {
    guard let connection, let cancel = PQgetCancel(connection) else { return }
    let request = CancelRequest(cancel)
    _ = BlockingCall.start(upTo: BlockingCall.limit / 4) { request.send() }
  }

  /// Waits until there may be something to read.
  ///
  /// OpenSSL reads whole records of up to 16 KiB, libpq asks for 8 KiB at least: there may be input
  /// that the socket does not report. (PostgreSQL 15 sends records of 8 KiB; poolers and newer
  /// servers send larger ones.) Where we cannot ask OpenSSL, waits are cut short, and reading shows.
  nonisolated(nonsending) func waitForInput(
    until deadline: Deadline, shielded: Bool
  ) async -> Reactor.Outcome {
    guard let connection, PQsslInUse(connection) == 1 else {
      return await reactor.wait(for: .readable, on: socket, until: deadline, shielded: shielded)
    }
    if let session = PQsslStruct(connection, "OpenSSL"), let pending = Self.pending {
      if pending(session) > 0 { return .ready }
      return await reactor.wait(for: .readable, on: socket, until: deadline, shielded: shielded)
    }
    let slice = min(deadline, .after(.milliseconds(10)))
    let outcome = await reactor.wait(
      for: .readable, on: socket, until: slice, shielded: shielded)
    return outcome == .timedOut && slice < deadline ? .ready : outcome
  }

  private typealias SSLPending = @convention(c) (UnsafeMutableRawPointer) -> Int32

  /// `SSL_pending` of the OpenSSL that libpq has loaded; looked up, so that we need not link it.
  private static let pending: SSLPending? = dlsym(nil, "SSL_pending").map {
    unsafeBitCast($0, to: SSLPending.self)
  }
}

/// Owner of one `PGcancel`, a copy of the server's address and the backend's key.
///
/// `@unchecked Sendable`: made by one thread, handed to one other, immutable.
private final class CancelRequest: @unchecked Sendable {
  private let cancel: OpaquePointer

  init(_ cancel: OpaquePointer) {
    self.cancel = cancel
  }

  deinit { PQfreeCancel(cancel) }

  func send() {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
      // Best effort: the connection is closed in any case, so nobody asks for the outcome.
      _ = PQcancel(cancel, message.baseAddress, 256)
    }
  }
}
