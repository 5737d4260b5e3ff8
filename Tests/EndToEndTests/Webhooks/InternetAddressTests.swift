// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import hansard

/// Which addresses a tenant may have the service connect to.
struct InternetAddressTests {
  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
    "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
    "223.255.255.255", "168.63.129.15", "2001:200::1", "2600::1", "2606:4700:4700::1111",
    "2a00:1450::1", "2003::1", "3ffe::1",
  ])
  func thePublicInternetMayBeReached(text: String) throws {
    let address = try #require(InternetAddress(text))
    #expect(address.isPublic)
    #expect(InternetAddress(address.text) == address)
  }

  @Test(arguments: [
    "0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.100.100.200",
    "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.0.1", "169.254.169.254",
    "172.16.0.0", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:169.254.169.254", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "fc00::1", "fd00:ec2::254", "fdff:ffff::1",
    "fe80::1", "febf::1", "fec0::1", "ff02::1", "2001::1", "2001:1ff:ffff::1", "2001:db8::1",
    "2002:7f00:1::1", "3fff::1", "3fff:fff::1", "4000::1",
  ])
  func whatIsNotOfItMayNot(text: String) throws {
    let address = try #require(InternetAddress(text))
    #expect(!address.isPublic)
    #expect(InternetAddress(address.text) == address)
  }

  @Test(arguments: ["", "127.1", "0x7f000001", "2130706433", "127.0.0.1 ", "a", "::1%lo", "[::1]"])
  func whatIsNoAddressIsNotRead(text: String) {
    #expect(InternetAddress(text) == nil)
  }

  /// Names and odd spellings are judged by what they stand for.
  @Test(arguments: ["localhost", "127.1", "2130706433", "0x7f000001", "0"])
  func whatLeadsHomeIsRefused(host: String) async {
    let addresses = await HostResolver.addresses(of: host)
    #expect(addresses.allSatisfy { !$0.isPublic })
  }
}
