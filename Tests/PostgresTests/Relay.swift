// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Synchronization
import TestSupport

/// A Unix socket in front of a server: counts round trips, and loses the server's answers from a
/// given message on. Works with blocking threads, so that it shares nothing with what it tests.
final class Relay: Sendable {
  private let directory: String
  private let target: String
  private let listener: Int32
  private let state = Mutex(State())

  private struct State {
    var roundTrips = 0
    var clients = 0
    var lastWasClient = false
    var muteAfter: [UInt8]?
    var isMuted = false
  }

  init(to server: EmbeddedPostgres) throws {
    directory = try TemporaryDirectory.make("relay")
    target = "\(server.socketDirectory)/.s.PGSQL.\(server.port)"
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let bound = Self.withAddress("\(directory)/.s.PGSQL.5432") { bind(listener, $0, $1) }
    guard bound == 0, listen(listener, 16) == 0 else { throw TestSupportError("relay: \(errno)") }
    Thread { self.accept() }.start()
  }

  func conninfo(database: String) -> String {
    "host=\(directory) port=5432 user=postgres dbname=\(database)"
  }

  /// How often the client has spoken after the server had.
  var roundTrips: Int { state.withLock { $0.roundTrips } }

  /// Connections taken so far; a request to cancel is one of its own.
  var clients: Int { state.withLock { $0.clients } }

  /// Once the client sends bytes that contain `text`, they are passed on, but no answer comes back
  /// any more; the client sees the connection end when the server has answered.
  func loseAnswers(to text: String) {
    state.withLock { $0.muteAfter = Array(text.utf8) }
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    TemporaryDirectory.remove(directory)
  }

  private func accept() {
    while true {
      let client = Foundation.accept(listener, nil, nil)
      guard client >= 0 else { return _ = close(listener) }
      state.withLock { $0.clients += 1 }
      let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else {
        close(client)
        close(server)
        continue
      }
      Thread { self.shuttle(client, server) }.start()
    }
  }

  private func shuttle(_ client: Int32, _ server: Int32) {
    defer {
      close(client)
      close(server)
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var watched = [
        pollfd(fd: client, events: Int16(POLLIN), revents: 0),
        pollfd(fd: server, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&watched, 2, -1) > 0 else { return }
      let fromClient = watched[0].revents != 0
      let count = read(fromClient ? client : server, &buffer, buffer.count)
      guard count > 0, note(fromClient, buffer[..<count]) else { return }
      guard Self.writeAll(buffer[..<count], to: fromClient ? server : client) else { return }
    }
  }

  /// False when the connection is to end.
  private func note(_ fromClient: Bool, _ bytes: ArraySlice<UInt8>) -> Bool {
    state.withLock { state in
      if !fromClient, state.isMuted { return false }
      if fromClient, !state.lastWasClient { state.roundTrips += 1 }
      state.lastWasClient = fromClient
      if fromClient, let text = state.muteAfter, Self.contains(bytes, text) { state.isMuted = true }
      return true
    }
  }

  private static func contains(_ bytes: ArraySlice<UInt8>, _ text: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: text) }
  }

  private static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    return withUnsafeBytes(of: &address) { bytes in
      guard let base = bytes.baseAddress else { return -1 }
      return body(
        base.assumingMemoryBound(to: sockaddr.self), socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
}
