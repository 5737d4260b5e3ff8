// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Asks whether a port is free before anything is started that would have to be stopped again.
enum PortProbe {
  /// Throws a `CommandFailure` when `host` has somebody else on one of `ports`. A host that is not a
  /// numeric address is left to the service itself.
  static func check(host: String, ports: [Int]) throws(CommandFailure) {
    for port in ports where port != 0 && isTaken(host: host, port: port) {
      throw CommandFailure(inUse(port))
    }
  }

  /// The message for ports of which at least one is in use.
  static func inUse(_ ports: Int...) -> String {
    let names = ports.map(String.init).joined(separator: " or ")
    return "port \(names) is in use: choose another by HANSARD_PORT (and HANSARD_ADMIN_PORT)"
  }

  private static func isTaken(host: String, port: Int) -> Bool {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found?.pointee else {
      return false
    }
    defer { freeaddrinfo(found) }
    let descriptor = socket(address.ai_family, address.ai_socktype, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // As the service itself does: connections in TIME_WAIT do not count.
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    return bind(descriptor, address.ai_addr, address.ai_addrlen) != 0 && errno == EADDRINUSE
  }
}
