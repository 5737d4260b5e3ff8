// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct PeerNetworkTests {
  private static let mapped = [UInt8](repeating: 0, count: 10) + [255, 255]

  static let addresses: [([UInt8], String)] = [
    ([203, 0, 113, 77], "203.0.113.0/24"), ([0, 0, 0, 0], "0.0.0.0/24"),
    ([255, 255, 255, 255], "255.255.255.0/24"), ([127, 0, 0, 1], "127.0.0.0/24"),
    (mapped + [198, 51, 100, 9], "198.51.100.0/24"),
    ([0x20, 0x01, 0x0D, 0xB8, 0, 7] + [UInt8](repeating: 0xAB, count: 10), "2001:db8:7::/48"),
    ([UInt8](repeating: 0, count: 15) + [1], "::/48"),
    ([UInt8](repeating: 0xFF, count: 16), "ffff:ffff:ffff::/48"),
    ([0xFE, 0x80] + [UInt8](repeating: 0, count: 13) + [1], "fe80::/48"),
  ]

  /// As the database writes them, which also takes them.
  @Test func keepsTheNetworkAndNothingBehindIt() async throws {
    for (address, expected) in Self.addresses {
      let network = try #require(PeerNetwork(address: address))
      let written = try await TestDatabase.current.psql("select '\(network.text)'::cidr")
      #expect(written == expected + "\n", "\(address)")
    }
    for count in [0, 3, 5, 15, 17] {
      #expect(PeerNetwork(address: [UInt8](repeating: 1, count: count)) == nil)
    }
  }

  @Test func standsInEveryEntryOfACallerFromTheNetwork() async throws {
    try await Fixture.run { fixture in
      let acme = fixture.acme
      let addresses: [[UInt8]] = [[203, 0, 113, 77], Self.addresses[5].0]
      let peers = try addresses.map { try #require(PeerNetwork(address: $0)) }
      for peer in peers {
        let admin = Caller(principal: acme.admin.principal, request: .make(), peer: peer)
        _ = try await fixture.hansard.policies.find(by: admin)
        let bob = Caller(principal: acme.bob.principal, request: .make(), peer: peer)
        _ = try await refusal { try await fixture.hansard.policies.find(by: bob) }
      }
      _ = try await fixture.hansard.policies.find(by: acme.admin)
      let trail = try await TestDatabase.current.psql(
        """
        select outcome, peer from hansard.canvas_audit where action = 'read_policy'
        order by occurred_at, audit_id
        """)
      #expect(
        trail == """
          allowed|203.0.113.0/24
          refused|203.0.113.0/24
          allowed|2001:db8:7::/48
          refused|2001:db8:7::/48
          allowed|

          """)
      // A whole address is none that the table takes.
      let tenant = acme.tenant
      await #expect(throws: (any Error).self) {
        _ = try await TestDatabase.current.psql(
          """
          insert into hansard.canvas_audit (
            tenant_id, audit_id, request_id, actor, actor_role, component_type, action, outcome,
            governance_check_passed, peer)
          values ('\(tenant)', gen_random_uuid(), gen_random_uuid(), 'x', 'x', 'x', 'x', 'allowed',
            true, '203.0.113.77')
          """)
      }
    }
  }
}
