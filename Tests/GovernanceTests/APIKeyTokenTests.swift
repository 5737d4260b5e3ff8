// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Protection
import Testing

@testable import Governance

struct APIKeyTokenTests {
  private static let id = "018f9c2e7c1a7abc8def0123456789ab"
  private static let secret = String(repeating: "a", count: 42) + "_"

  @Test func isReadAsItWasMade() throws {
    let made = try APIKeyToken.make()
    let read = try #require(APIKeyToken(made.text))
    #expect(read.key == made.key && read.secret == made.secret)
    #expect(made.text.utf8.count == 4 + 32 + 1 + 43)
    #expect(try read.secretHash == SHA256.hash(Array(made.secret.utf8)))
  }

  @Test func hasASecretOfItsOwn() throws {
    let secrets = try (0..<200).map { _ in try APIKeyToken.make().secret }
    #expect(Set(secrets).count == 200)
  }

  @Test func aSecretMayHoldTheSeparator() throws {
    let token = try #require(APIKeyToken("hsd_\(Self.id)_\(Self.secret)"))
    #expect(token.secret == Self.secret)
    #expect(token.key.description == "018f9c2e-7c1a-7abc-8def-0123456789ab")
  }

  @Test(arguments: [
    "", "hsd", "hsd_", "hsd__", "hsd_\(id)", "hsd_\(id)_", "hsd_\(id)_short",
    "HSD_\(id)_\(secret)", "xsd_\(id)_\(secret)", "hsd_\(id.uppercased())_\(secret)",
    "hsd_\(id)_\(secret)a", "hsd_\(id)a_\(secret)", "hsd_\(id.dropLast())_\(secret)",
    "hsd_\(id.dropLast())g_\(secret)", "hsd_\(id)_\(secret.dropLast())é",
    "hsd_\(id)_\(secret.dropLast())+", "hsd_\(id)_\(secret.dropLast())=",
    " hsd_\(id)_\(secret)", "hsd_\(id)_\(secret)\n", "hsd_\(id)_\(secret.dropLast())\u{0}",
    "Bearer hsd_\(id)_\(secret)", "hsd-\(id)-\(secret)",
    "hsd_018f9c2e-7c1a-7abc-8def-0123456789ab_\(secret)",
  ])
  func refuses(text: String) {
    #expect(APIKeyToken(text) == nil)
  }
}
