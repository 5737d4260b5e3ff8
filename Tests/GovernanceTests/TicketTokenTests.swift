// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Protection
import Testing

@testable import Governance

struct TicketTokenTests {
  private static let id = "018f9c2e7c1a7abc8def0123456789ab"
  private static let secret = String(repeating: "a", count: 42) + "_"

  @Test func isReadAsItWasMade() throws {
    let tenant = TenantID.make()
    let made = try TicketToken.make(for: tenant)
    let read = try #require(TicketToken(made.text))
    #expect(read.tenant == tenant && read.text == made.text)
    let secret = made.text.suffix(43)
    #expect(try read.secretHash == SHA256.hash(Array(secret.utf8)))
    #expect(made.text.utf8.count == 4 + 32 + 1 + 43)
  }

  @Test func hasASecretOfItsOwn() throws {
    let tenant = TenantID.make()
    let texts = try (0..<200).map { _ in try TicketToken.make(for: tenant).text }
    #expect(Set(texts).count == 200)
  }

  /// It is a token of HTTP as it is, so that it can be offered as a protocol.
  @Test func holdsNothingThatEndsAToken() throws {
    for _ in 0..<200 {
      let text = try TicketToken.make(for: .make()).text
      #expect(text.utf8.allSatisfy { Array("-_".utf8).contains($0) || Self.isAlphanumeric($0) })
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte < 0x80 && (Character(UnicodeScalar(byte)).isLetter || (0x30...0x39).contains(byte))
  }

  /// A key is no ticket, and a ticket no key.
  @Test func isNoKey() throws {
    let (ticket, key) = (try TicketToken.make(for: .make()), try APIKeyToken.make())
    #expect(APIKeyToken(ticket.text) == nil && TicketToken(key.text) == nil)
  }

  @Test(arguments: [
    "", "hst", "hst_", "hst__", "hst_\(id)", "hst_\(id)_", "hst_\(id)_short",
    "HST_\(id)_\(secret)", "hst_\(id.uppercased())_\(secret)", "hst_\(id)_\(secret)a",
    "hst_\(id)a_\(secret)", "hst_\(id.dropLast())g_\(secret)", "hst_\(id)_\(secret.dropLast())=",
    " hst_\(id)_\(secret)", "hst_\(id)_\(secret)\n", "hansard.ticket.hst_\(id)_\(secret)",
  ])
  func refuses(text: String) {
    #expect(TicketToken(text) == nil)
  }
}
