// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import Testing

/// What recovery attempts and the keys of their sessions are bound to.
struct RecoveryEnvelopeTests {
  private let attempt = RecoveryContext(
    tenant: UUID(), session: UUID(), entry: "entry_1", occurredAt: 1, facts: ["a", "b", ""])

  @Test func anAttemptOpensAsWhatItWasSealedAs() throws {
    let key = try DataKey.generate()
    let sealed = try key.seal(Array("texts".utf8), as: attempt)
    #expect(try key.open(sealed, as: attempt) == Array("texts".utf8))
    #expect(sealed.count == 5 + 40)
    var others: [RecoveryContext] = []
    func other(_ change: (inout RecoveryContext) -> Void) {
      var context = attempt
      change(&context)
      others.append(context)
    }
    other { $0.tenant = UUID() }
    other { $0.session = UUID() }
    other { $0.entry = "entry_2" }
    other { $0.occurredAt = 2 }
    other { $0.facts[0] = "c" }
    // The same bytes, taken apart otherwise.
    other { $0.facts = ["ab", "", ""] }
    other { $0.facts = ["a", "b"] }
    for context in others {
      #expect(throws: EnvelopeError.authenticationFailed) {
        try key.open(sealed, as: context)
      }
    }
  }

  @Test func theKeyOfASessionIsNoKeyOfARecording() throws {
    let (tenant, session) = (UUID(), UUID())
    let (tenantKey, key) = (try TenantKey.generate(), try DataKey.generate())
    let wrapped = try tenantKey.wrap(key, tenant: tenant, recoverySession: session)
    let found = try tenantKey.unwrapDataKey(
      wrapped, commitment: key.commitment, tenant: tenant, recoverySession: session)
    #expect(found.commitment == key.commitment)
    #expect(throws: EnvelopeError.authenticationFailed) {
      try tenantKey.unwrapDataKey(
        wrapped, commitment: key.commitment, tenant: tenant, recording: session)
    }
    #expect(throws: EnvelopeError.authenticationFailed) {
      try tenantKey.unwrapDataKey(
        wrapped, commitment: key.commitment, tenant: tenant, recoverySession: UUID())
    }
    let other = try DataKey.generate()
    #expect(throws: EnvelopeError.commitmentMismatch) {
      try tenantKey.unwrapDataKey(
        wrapped, commitment: other.commitment, tenant: tenant, recoverySession: session)
    }
  }

  @Test func filesAreRecognisedUnderOneKeyOnly() throws {
    let key = try TenantKey.generate()
    let digests = try key.fileDigests(of: [Array("a".utf8), Array("b".utf8), Array("a".utf8)])
    #expect(digests[0] == digests[2] && digests[0] != digests[1])
    #expect(digests.allSatisfy { $0.count == 16 })
    #expect(try TenantKey.generate().fileDigests(of: [Array("a".utf8)])[0] != digests[0])
  }
}
