// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOPosix

/// Asks the system which addresses a name stands for.
enum HostResolver {
  /// Threads of their own: the system's resolver blocks, for as long as name servers are slow.
  private static let threads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 16)
    pool.start()
    return pool
  }()

  /// The addresses, in the order in which to try them; none where the name stands for nothing.
  static func addresses(of host: String) async -> [InternetAddress] {
    do {
      return try await threads.runIfActive { lookUp(host) }
    } catch {
      return []  // Cancelled: nobody waits for it.
    }
  }

  private static func lookUp(_ host: String) -> [InternetAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &found) == 0 else { return [] }
    defer { freeaddrinfo(found) }
    var addresses: [InternetAddress] = []
    var next = found
    while let entry = next?.pointee {
      if let address = entry.ai_addr.flatMap({ InternetAddress($0) }) { addresses.append(address) }
      next = entry.ai_next
    }
    return addresses
  }
}
