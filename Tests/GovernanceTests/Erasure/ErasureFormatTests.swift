// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Testing

@testable import Governance

/// The text of a file of the log of erasures.
struct ErasureFormatTests {
  private static let tenant = TenantID.make()
  private static let erasures = [
    Erasure(
      tenant: tenant, subject: .recording(.make(), commitment: [UInt8](repeating: 7, count: 32)),
      erasedAt: .now()),
    Erasure(
      tenant: .make(), subject: .recoverySession(commitment: [UInt8](repeating: 255, count: 32)),
      erasedAt: .now()),
    Erasure(tenant: tenant, subject: .tenantKey(UUID()), erasedAt: .now()),
  ]

  @Test func whatIsWrittenIsRead() throws {
    for list in [Self.erasures, []] {
      let text = try ErasureFormat.text(list, of: 42)
      #expect(try ErasureFormat.erasures(in: text, of: 42) == list)
    }
    #expect(ErasureSegment(number: 42).path == "erasures/00000000000000000042.ndjson")
  }

  /// Of another number, cut off, continued, or with any byte changed it is not taken.
  @Test func anythingElseIsRefused() throws {
    let text = try ErasureFormat.text(Self.erasures, of: 42)
    let damage = ErasureLogError(segment: 42)
    #expect(throws: ErasureLogError(segment: 43)) {
      try ErasureFormat.erasures(in: text, of: 43)
    }
    for place in text.indices {
      var changed = text
      changed[place] ^= 1
      #expect(throws: damage) { try ErasureFormat.erasures(in: changed, of: 42) }
      #expect(throws: damage) { try ErasureFormat.erasures(in: Array(text[..<place]), of: 42) }
    }
    #expect(throws: damage) { try ErasureFormat.erasures(in: text + text, of: 42) }
  }
}
