// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

extension TenantKey {
  /// Seals the secret that signs what is sent to a webhook.
  package func seal(
    webhookSecret secret: [UInt8], tenant: UUID, webhook: UUID
  ) throws(EnvelopeError) -> [UInt8] {
    let context = associatedData(tenant: tenant, webhook: webhook)
    return try EnvelopeError.translating { () throws(CryptoError) in
      try webhookCipher().seal(secret, authenticating: context)
    }
  }

  /// Opens what `seal` made for the same webhook.
  ///
  /// - Throws: `EnvelopeError.authenticationFailed` for altered bytes or another webhook.
  package func open(
    webhookSecret sealed: [UInt8], tenant: UUID, webhook: UUID
  ) throws(EnvelopeError) -> [UInt8] {
    let context = associatedData(tenant: tenant, webhook: webhook)
    return try EnvelopeError.translating { () throws(CryptoError) in
      try webhookCipher().open(sealed, authenticating: context)
    }
  }

  /// Made when it is needed: most tenants have no webhook, and key memory is scarce.
  private func webhookCipher() throws(CryptoError) -> XAES256GCM {
    try XAES256GCM(key: KeyPurpose.tenantWebhooks.key(from: secret))
  }

  /// The bytes under domain `hansard/v1/webhook`, see `AssociatedData`.
  private func associatedData(tenant: UUID, webhook: UUID) -> [UInt8] {
    var data = AssociatedData(.webhook)
    data.append(tenant)
    data.append(webhook)
    data.append(id)
    return data.bytes
  }
}
