// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ
import Glibc

/// One NOTIFY.
package struct Notification: Sendable, Hashable {
  package let channel: String
  package let payload: String
  /// The server process that sent it.
  package let backendProcessID: Int32
}

/// Notifications received and not asked for yet; bounded, the oldest leave first. A notification
/// only wakes its reader, who looks for all that is new: a lost one is made good by a later one.
struct NotificationBuffer {
  static let limit = 1024

  private var items: [Notification] = []

  mutating func append(_ notification: Notification) {
    if items.count >= Self.limit { items.removeFirst(Self.limit / 2) }
    items.append(notification)
  }

  mutating func popFirst() -> Notification? {
    items.isEmpty ? nil : items.removeFirst()
  }
}

extension PostgresConnection {
  /// Starts listening. The connection is not reusable by a pool afterwards.
  ///
  /// - Throws: `.misuse` unless `channel` is a plain identifier.
  package func listen(to channel: String) async throws(PostgresError) {
    let channel = try SQLIdentifier(channel)
    isListening = true
    _ = try await execute(Query("listen \(channel.text)", prepared: false))
  }

  /// The next notification, nil when there was none in time. A cancelled wait leaves the connection
  /// usable.
  package func nextNotification(
    within duration: Duration
  ) async throws(PostgresError) -> Notification? {
    if let next = notifications.popFirst() { return next }
    guard !isBusy else { throw PostgresError(.connectionBusy) }
    isBusy = true
    defer { isBusy = false }
    let deadline = Deadline.after(duration)
    while handle.connection != nil, !handle.notices.sawFatal {
      drainNotifications()
      if let next = notifications.popFirst() { return next }
      let outcome = await handle.waitForInput(until: deadline, shielded: false)
      if outcome == .timedOut { return nil }
      if outcome == .cancelled { throw PostgresError(.cancelled) }
      if outcome != .ready || handle.connection.map({ PQconsumeInput($0) }) != 1 { break }
    }
    let error = lost()
    handle.close()
    throw error
  }

  /// Moves what libpq has received into our buffer; its own is not bounded.
  func drainNotifications() {
    guard let connection = handle.connection else { return }
    while let raw = PQnotifies(connection) {
      defer { PQfreemem(raw) }
      notifications.append(
        Notification(
          channel: String(cString: raw.pointee.relname),
          payload: raw.pointee.extra.map { String(cString: $0) } ?? "",
          backendProcessID: raw.pointee.be_pid))
    }
  }

  /// Whether an idle session is still there: looks at the socket, without a round trip. What the
  /// server has sent meanwhile is read; a farewell or an end of file closes the connection.
  func checkAlive() -> Bool {
    guard !isBusy else { return false }
    while let connection = handle.connection {
      var byte: UInt8 = 0
      let count = recv(PQsocket(connection), &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
      if count < 0, errno == EAGAIN { break }
      guard count > 0, PQconsumeInput(connection) == 1 else {
        handle.close()
        break
      }
      drainNotifications()
      if handle.notices.sawFatal { handle.close() }
    }
    return isReusable
  }
}
