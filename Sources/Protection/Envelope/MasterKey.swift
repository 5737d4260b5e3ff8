// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The key that wraps tenant keys; it comes from a file outside the database.
package struct MasterKey: Sendable {
  /// The name under which the database remembers it: 1 to 64 of `[A-Za-z0-9_.-]`.
  package let id: String
  /// 32 bytes derived from the key that tell it from another and reveal nothing of it.
  ///
  /// Stored in the database, it recognises a wrong key under the right id.
  package let fingerprint: [UInt8]

  private let cipher: XAES256GCM

  init(id: String, key: SecretKey) throws(CryptoError) {
    self.id = id
    fingerprint = try KeyPurpose.masterFingerprint.publicBytes(from: key)
    cipher = try XAES256GCM(key: KeyPurpose.masterWrap.key(from: key))
  }

  /// Wraps a tenant key for storing: 72 bytes, bound to the tenant, the tenant key's id and this
  /// master key's id.
  package func wrap(tenantKey: TenantKey, tenant: UUID) throws(EnvelopeError) -> [UInt8] {
    let nonce = try EnvelopeError.translating { () throws(CryptoError) in try XAES256GCM.Nonce() }
    return try wrap(tenantKey: tenantKey, tenant: tenant, nonce: nonce)
  }

  func wrap(
    tenantKey: TenantKey, tenant: UUID, nonce: XAES256GCM.Nonce
  ) throws(EnvelopeError) -> [UInt8] {
    let context = try associatedData(tenantKeyID: tenantKey.id, tenant: tenant)
    return try EnvelopeError.translating { () throws(CryptoError) in
      try cipher.seal(tenantKey.secret, authenticating: context, nonce: nonce)
    }
  }

  /// Unwraps what `wrap` made.
  ///
  /// - Parameter recognition: What `TenantKey.wrappedRecognition` made; nil for a key that took nothing over.
  /// - Throws: `EnvelopeError.authenticationFailed` for altered bytes, another tenant, tenant key
  ///   id or master key.
  package func unwrapTenantKey(
    _ wrapped: [UInt8], recognition: [UInt8]? = nil, id: UUID, tenant: UUID
  ) throws(EnvelopeError) -> TenantKey {
    let context = try associatedData(tenantKeyID: id, tenant: tenant)
    let key = try EnvelopeError.translating { () throws(CryptoError) in
      try TenantKey(id: id, secret: cipher.openKey(wrapped, authenticating: context))
    }
    guard let recognition else { return key }
    return try key.adopting(recognition, tenant: tenant)
  }

  /// The bytes under domain `hansard/v1/tenant-key`, see `AssociatedData`.
  private func associatedData(
    tenantKeyID: UUID, tenant: UUID
  ) throws(EnvelopeError) -> [UInt8] {
    var data = AssociatedData(.tenantKey)
    data.append(tenant)
    data.append(tenantKeyID)
    try data.append(id)
    return data.bytes
  }
}

extension MasterKey: CustomStringConvertible, CustomReflectable {
  package var description: String { "MasterKey(\(id), redacted)" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
