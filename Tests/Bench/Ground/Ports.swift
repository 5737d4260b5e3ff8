// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The two ports of a service on the loopback.
struct Ports: Sendable {
  let main: Int
  let admin: Int

  /// Two ports that nobody listens on, from below the range that the kernel gives to clients, so
  /// that no connection of ours takes one before the service does.
  static func free() throws -> Ports {
    let candidates = (0..<200).map { _ in Int.random(in: 12_000..<30_000) }
    let free = Array(Set(candidates.lazy.filter(isFree)).prefix(2))
    guard free.count == 2 else { throw BenchError("no two free ports were found") }
    return Ports(main: free[0], admin: free[1])
  }

  private static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return withLoopback(port) { bind(descriptor, $0, $1) == 0 }
  }
}

/// Lends the address of a port on the loopback for the length of the call.
func withLoopback<T>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
  address.sin_addr = in_addr(s_addr: inet_addr("127.0.0.1"))
  let length = socklen_t(MemoryLayout<sockaddr_in>.size)
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
  }
}
