// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

extension TenantKey {
  /// Wraps the data key of a recovery session for storing: 72 bytes, bound to tenant, session and this
  /// key's id.
  ///
  /// Store `dataKey.commitment` beside it.
  package func wrap(
    _ dataKey: DataKey, tenant: UUID, recoverySession: UUID
  ) throws(EnvelopeError) -> [UInt8] {
    let context = associatedData(tenant: tenant, recoverySession: recoverySession)
    return try EnvelopeError.translating { () throws(CryptoError) in
      try cipher.seal(dataKey.secret, authenticating: context, nonce: XAES256GCM.Nonce())
    }
  }

  /// Unwraps what `wrap` made and compares the key with its commitment in constant time.
  ///
  /// - Throws: `EnvelopeError.authenticationFailed` for altered bytes, another tenant, session or tenant
  ///   key, `.commitmentMismatch` for another key than the one committed to.
  package func unwrapDataKey(
    _ wrapped: [UInt8], commitment: [UInt8], tenant: UUID, recoverySession: UUID
  ) throws(EnvelopeError) -> DataKey {
    try openDataKey(
      wrapped, commitment: commitment,
      authenticating: associatedData(tenant: tenant, recoverySession: recoverySession))
  }

  /// By which a file is counted once without its name being kept: the first 16 bytes of HMAC-SHA-256.
  package func fileDigests(of names: [[UInt8]]) throws(EnvelopeError) -> [[UInt8]] {
    try EnvelopeError.translating { () throws(CryptoError) in
      var digests: [[UInt8]] = []
      for name in names {
        digests.append(Array(try HMACSHA256.code(for: name, key: recognition.files).prefix(16)))
      }
      return digests
    }
  }

  /// The bytes under domain `hansard/v1/recovery-key`, see `AssociatedData`.
  private func associatedData(tenant: UUID, recoverySession: UUID) -> [UInt8] {
    var data = AssociatedData(.recoveryKey)
    data.append(tenant)
    data.append(recoverySession)
    data.append(id)
    return data.bytes
  }
}
