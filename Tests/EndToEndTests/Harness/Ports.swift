// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport

/// The two ports of one service on the loopback.
struct Ports: Sendable {
  let main: Int
  let admin: Int

  /// Two ports that nobody listens on, from below the range that the kernel gives to clients, so
  /// that no connection of our own takes one before the service does.
  static func free() throws -> Ports {
    Ports(main: try next(), admin: try next())
  }

  private static let range = 12_000..<30_000
  /// Test processes that run at the same time begin at different places.
  private static let position = Mutex(Int(getpid()) &* 37 % range.count)

  private static func next() throws -> Int {
    for _ in 0..<1000 {
      let offset = position.withLock { position in
        position = (position + 1) % range.count
        return position
      }
      if isFree(range.lowerBound + offset) { return range.lowerBound + offset }
    }
    throw TestSupportError("no free port")
  }

  private static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
    address.sin_addr = in_addr(s_addr: inet_addr("127.0.0.1"))
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
