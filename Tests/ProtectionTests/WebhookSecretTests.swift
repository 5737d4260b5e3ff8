// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Protection

struct WebhookSecretTests {
  @Test func aSecretOpensForItsWebhookOnly() throws {
    let key = try TenantKey.generate()
    let (tenant, webhook) = (UUID(), UUID())
    let secret = [UInt8](repeating: 7, count: 32)
    let sealed = try key.seal(webhookSecret: secret, tenant: tenant, webhook: webhook)
    #expect(try key.open(webhookSecret: sealed, tenant: tenant, webhook: webhook) == secret)
    #expect(throws: EnvelopeError.authenticationFailed) {
      try key.open(webhookSecret: sealed, tenant: tenant, webhook: UUID())
    }
    #expect(throws: EnvelopeError.authenticationFailed) {
      try key.open(webhookSecret: sealed, tenant: UUID(), webhook: webhook)
    }
    #expect(throws: EnvelopeError.authenticationFailed) {
      try TenantKey.generate().open(webhookSecret: sealed, tenant: tenant, webhook: webhook)
    }
  }
}
