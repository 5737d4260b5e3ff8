// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport

/// Accepts connections and never says a word.
final class SilentServer: Sendable {
  private let directory: String
  private let listener: Int32
  private let clients = Mutex<[Int32]>([])

  init() throws {
    directory = try TemporaryDirectory.make("silent")
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { path in
      path.copyBytes(from: "\(directory)/.s.PGSQL.5432".utf8.prefix(107))
    }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) }
    }
    guard bound == 0, listen(listener, 16) == 0 else { throw TestSupportError("bind: \(errno)") }
    Thread { self.accept() }.start()
  }

  var conninfo: String { "host=\(directory) port=5432 user=postgres dbname=postgres" }

  func waitForClient(number: Int) async throws {
    try await eventually("client \(number) is there") {
      clients.withLock { $0.count } >= number
    }
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    for client in clients.withLock({ $0 }) { close(client) }
    TemporaryDirectory.remove(directory)
  }

  private func accept() {
    while true {
      let client = Foundation.accept(listener, nil, nil)
      guard client >= 0 else { return _ = close(listener) }
      clients.withLock { $0.append(client) }
    }
  }
}
