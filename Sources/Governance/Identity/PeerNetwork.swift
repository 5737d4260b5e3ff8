// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The network that a caller's connection comes from: as much of an address as tells one site from another,
/// and no more, since the audit log is kept for long.
///
/// It is the other end of the connection and nothing else. What a request says of itself (`Forwarded`,
/// `X-Forwarded-For`, `X-Real-IP`) is not read: anybody can say it.
package struct PeerNetwork: Sendable, Hashable {
  /// In CIDR notation: `203.0.113.0/24`, `2001:db8:7::/48`.
  package let text: String

  /// The network of an address.
  ///
  /// - Parameter address: 4 or 16 bytes in network order; an IPv4 address may come as an IPv6 one
  ///   (`::ffff:0:0/96`). Nil for anything else.
  package init?(address: [UInt8]) {
    switch address.count {
    case 4: text = Self.network(ofFour: address[...])
    case 16 where address.starts(with: Self.mapped): text = Self.network(ofFour: address[12...])
    case 16: text = Self.network(ofSixteen: address)
    default: return nil
    }
  }

  private static let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

  private static func network(ofFour bytes: ArraySlice<UInt8>) -> String {
    bytes.prefix(3).map { "\($0)." }.joined() + "0/24"
  }

  private static func network(ofSixteen bytes: [UInt8]) -> String {
    let groups = stride(from: 0, to: 6, by: 2).map { index in
      String(Int(bytes[index]) << 8 | Int(bytes[index + 1]), radix: 16)
    }
    return groups.joined(separator: ":") + "::/48"
  }
}
