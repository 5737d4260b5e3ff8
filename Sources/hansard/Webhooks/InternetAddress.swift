// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An IPv4 or IPv6 address, in bytes.
struct InternetAddress: Sendable, Hashable {
  /// 4 or 16, in network order.
  let bytes: [UInt8]

  /// Reads `127.0.0.1` or `::1`, in these forms only.
  init?(_ text: String) {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = withUnsafeBytes(of: four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      bytes = withUnsafeBytes(of: six) { Array($0) }
    } else {
      return nil
    }
  }

  /// The address in a `sockaddr`; nil for another family.
  init?(_ pointer: UnsafePointer<sockaddr>) {
    switch Int32(pointer.pointee.sa_family) {
    case AF_INET:
      bytes = pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
        withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) }
      }
    case AF_INET6:
      bytes = pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
        withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }
      }
    default: return nil
    }
  }

  /// The address as `init` reads it.
  var text: String {
    if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
    return stride(from: 0, to: bytes.count, by: 2).map { index in
      String(Int(bytes[index]) << 8 | Int(bytes[index + 1]), radix: 16)
    }.joined(separator: ":")
  }

  /// Whether it is an address of the public Internet that a stranger may have us connect to.
  ///
  /// Of IPv6 only global unicast (2000::/3) is, which leaves out what stands for an IPv4 address
  /// (`::ffff:0:0/96`, `64:ff9b::/96`), local and link-local ones; and of that not what leads elsewhere.
  var isPublic: Bool {
    if bytes.count == 4 { return !Self.special4.contains { $0.contains(self) } }
    return Self.global6.contains { $0.contains(self) }
      && !Self.special6.contains { $0.contains(self) }
  }

  /// What begins with the same bits.
  private struct Block: Sendable {
    let start: [UInt8]
    let bits: Int

    init?(_ text: String, _ bits: Int) {
      guard let address = InternetAddress(text) else { return nil }
      start = address.bytes
      self.bits = bits
    }

    func contains(_ address: InternetAddress) -> Bool {
      guard address.bytes.count == start.count else { return false }
      return start.indices.allSatisfy { index in
        let significant = min(max(bits - index * 8, 0), 8)
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> significant)
        return (start[index] ^ address.bytes[index]) & mask == 0
      }
    }
  }

  /// The registry of special addresses (RFC 6890 and later), multicast, what is reserved, and the address
  /// by which a cloud's machines reach their host.
  private static let special4 = [
    Block("0.0.0.0", 8), Block("10.0.0.0", 8), Block("100.64.0.0", 10), Block("127.0.0.0", 8),
    Block("169.254.0.0", 16), Block("172.16.0.0", 12), Block("192.0.0.0", 24),
    Block("192.0.2.0", 24), Block("192.88.99.0", 24), Block("192.168.0.0", 16),
    Block("198.18.0.0", 15), Block("198.51.100.0", 24), Block("203.0.113.0", 24),
    Block("224.0.0.0", 4), Block("240.0.0.0", 4), Block("168.63.129.16", 32),
  ].compactMap(\.self)

  private static let global6 = [Block("2000::", 3)].compactMap(\.self)

  /// Protocols' own (Teredo too), documentation, and 6to4, which stands for an IPv4 address.
  private static let special6 = [
    Block("2001::", 23), Block("2001:db8::", 32), Block("2002::", 16), Block("3fff::", 20),
  ].compactMap(\.self)
}
