// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The key of one tenant, which wraps the data keys of its recordings and recovery sessions, and seals the
/// answers that are kept for requests that come again.
package final class TenantKey: Sendable {
  /// The id of its row in the database.
  package let id: UUID

  /// The key itself, for wrapping under a master key.
  let secret: SecretKey

  let cipher: XAES256GCM
  /// What things are recognised by: its own, or those of the tenant's first key.
  let recognition: RecognitionKeys
  private let answerCipher: XAES256GCM

  /// - Parameter recognition: Those that it has taken over; nil: it derives its own.
  init(id: UUID, secret: SecretKey, recognition: RecognitionKeys? = nil) throws(CryptoError) {
    self.id = id
    self.secret = secret
    cipher = try XAES256GCM(key: KeyPurpose.tenantWrap.key(from: secret))
    self.recognition =
      if let recognition { recognition } else { try RecognitionKeys(derivedFrom: secret) }
    answerCipher = try XAES256GCM(key: KeyPurpose.tenantAnswers.key(from: secret))
  }

  /// A fresh random key.
  package static func generate(id: UUID = UUID()) throws(EnvelopeError) -> TenantKey {
    try EnvelopeError.translating { () throws(CryptoError) in
      try TenantKey(id: id, secret: .generate())
    }
  }

  /// A fresh random key that takes the place of another, and recognises what that one does.
  package static func generate(
    succeeding other: TenantKey, id: UUID = UUID()
  ) throws(EnvelopeError) -> TenantKey {
    try EnvelopeError.translating { () throws(CryptoError) in
      try TenantKey(id: id, secret: .generate(), recognition: other.recognition)
    }
  }

  /// What it has taken over from the key before, wrapped under itself for storing: 216 bytes, bound to the tenant
  /// and this key's id.
  package func wrappedRecognition(tenant: UUID) throws(EnvelopeError) -> [UInt8] {
    try recognition.wrapped(under: cipher, tenant: tenant, id: id)
  }

  /// The same key with what it has taken over.
  func adopting(_ wrapped: [UInt8], tenant: UUID) throws(EnvelopeError) -> TenantKey {
    let recognition = try RecognitionKeys.opened(wrapped, under: cipher, tenant: tenant, id: id)
    return try EnvelopeError.translating { () throws(CryptoError) in
      try TenantKey(id: id, secret: secret, recognition: recognition)
    }
  }

  /// Wraps a data key for storing: 72 bytes, bound to tenant, recording and this key's id.
  ///
  /// Store `dataKey.commitment` beside it.
  package func wrap(
    _ dataKey: DataKey, tenant: UUID, recording: UUID
  ) throws(EnvelopeError) -> [UInt8] {
    let nonce = try EnvelopeError.translating { () throws(CryptoError) in try XAES256GCM.Nonce() }
    return try wrap(dataKey, tenant: tenant, recording: recording, nonce: nonce)
  }

  func wrap(
    _ dataKey: DataKey, tenant: UUID, recording: UUID, nonce: XAES256GCM.Nonce
  ) throws(EnvelopeError) -> [UInt8] {
    let context = associatedData(tenant: tenant, recording: recording)
    return try EnvelopeError.translating { () throws(CryptoError) in
      try cipher.seal(dataKey.secret, authenticating: context, nonce: nonce)
    }
  }

  /// Unwraps what `wrap` made and compares the key with its commitment in constant time.
  ///
  /// - Throws: `EnvelopeError.authenticationFailed` for altered bytes, another tenant, recording or
  ///   tenant key, `.commitmentMismatch` for another key than the one committed to.
  package func unwrapDataKey(
    _ wrapped: [UInt8], commitment: [UInt8], tenant: UUID, recording: UUID
  ) throws(EnvelopeError) -> DataKey {
    try openDataKey(
      wrapped, commitment: commitment,
      authenticating: associatedData(tenant: tenant, recording: recording))
  }

  /// Opens a data key and compares it with its commitment. There is no other way to one that was stored, so
  /// nothing is ever decrypted under a key that does not match.
  func openDataKey(
    _ wrapped: [UInt8], commitment: [UInt8], authenticating context: [UInt8]
  ) throws(EnvelopeError) -> DataKey {
    let dataKey = try EnvelopeError.translating { () throws(CryptoError) in
      try DataKey(secret: cipher.openKey(wrapped, authenticating: context))
    }
    guard constantTimeEqual(dataKey.commitment, commitment) else { throw .commitmentMismatch }
    return dataKey
  }

  /// HMAC-SHA-256 by which a redacted secret is recognised again without being kept.
  ///
  /// The same bytes give the same 32 bytes for this key, and unrelated ones for any other.
  package func redactionFingerprint(of secret: [UInt8]) throws(EnvelopeError) -> [UInt8] {
    try EnvelopeError.translating { () throws(CryptoError) in
      try HMACSHA256.code(for: secret, key: recognition.redaction)
    }
  }

  /// HMAC-SHA-256 by which a request is recognised again without being kept, 32 bytes.
  package func requestFingerprint(of request: [UInt8]) throws(EnvelopeError) -> [UInt8] {
    try EnvelopeError.translating { () throws(CryptoError) in
      try HMACSHA256.code(for: request, key: recognition.requests)
    }
  }

  /// Seals the answer to a request of `apiKey` that is named by a SHA-256, 32 bytes.
  ///
  /// - Throws: `EnvelopeError.lengthRefused` for another name or an answer above 1 GiB.
  package func seal(
    answer: [UInt8], tenant: UUID, apiKey: UUID, name: [UInt8]
  ) throws(EnvelopeError) -> [UInt8] {
    let context = try associatedData(tenant: tenant, apiKey: apiKey, name: name)
    return try EnvelopeError.translating { () throws(CryptoError) in
      try answerCipher.seal(answer, authenticating: context)
    }
  }

  /// Opens what `seal` made for the same request.
  ///
  /// - Throws: `EnvelopeError.authenticationFailed` for altered bytes or another request.
  package func open(
    answer: [UInt8], tenant: UUID, apiKey: UUID, name: [UInt8]
  ) throws(EnvelopeError) -> [UInt8] {
    let context = try associatedData(tenant: tenant, apiKey: apiKey, name: name)
    return try EnvelopeError.translating { () throws(CryptoError) in
      try answerCipher.open(answer, authenticating: context)
    }
  }

  /// The bytes under domain `hansard/v1/answer`, see `AssociatedData`.
  private func associatedData(
    tenant: UUID, apiKey: UUID, name: [UInt8]
  ) throws(EnvelopeError) -> [UInt8] {
    var data = AssociatedData(.answer)
    data.append(tenant)
    data.append(apiKey)
    try data.append(digest: name)
    data.append(id)
    return data.bytes
  }

  /// The bytes under domain `hansard/v1/data-key`, see `AssociatedData`.
  private func associatedData(tenant: UUID, recording: UUID) -> [UInt8] {
    var data = AssociatedData(.dataKey)
    data.append(tenant)
    data.append(recording)
    data.append(id)
    return data.bytes
  }
}

extension TenantKey: CustomStringConvertible, CustomReflectable {
  package var description: String { "TenantKey(\(id), redacted)" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
