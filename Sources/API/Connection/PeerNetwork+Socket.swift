// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import NIOCore

extension PeerNetwork {
  /// The network of a socket's other end; nil where that has no address, as with a Unix socket.
  init?(_ address: SocketAddress?) {
    // Where the address stands: behind family and port, and in IPv6 the flow.
    let place: Range<Int>
    switch address {
    case .v4: place = 4..<8
    case .v6: place = 8..<24
    case .unixDomainSocket, nil: return nil
    }
    let bytes: [UInt8]? = address?.withSockAddr { pointer, size in
      // Lent for the time of this closure, `size` bytes long.
      size < place.upperBound
        ? nil : Array(UnsafeRawBufferPointer(start: pointer, count: size)[place])
    }
    guard let bytes else { return nil }
    self.init(address: bytes)
  }
}
