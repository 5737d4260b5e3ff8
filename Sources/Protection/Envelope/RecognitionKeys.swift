// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The keys of a tenant by which things are recognised again without being kept: redacted secrets, requests, and
/// names of files. They open nothing.
///
/// They stay the same when the tenant key is rotated: an event that is sent again afterwards must still be the same
/// event. So they are derived from a tenant's first key, and each later one has them wrapped under itself:
/// `redaction (72) ‖ requests (72) ‖ files (72)`, 216 bytes.
struct RecognitionKeys: Sendable {
  let redaction: SecretKey
  let requests: SecretKey
  let files: SecretKey

  /// Those that a tenant key derives of itself.
  init(derivedFrom secret: SecretKey) throws(CryptoError) {
    redaction = try KeyPurpose.tenantRedaction.key(from: secret)
    requests = try KeyPurpose.tenantRequests.key(from: secret)
    files = try KeyPurpose.tenantFiles.key(from: secret)
  }

  private init(redaction: SecretKey, requests: SecretKey, files: SecretKey) {
    self.redaction = redaction
    self.requests = requests
    self.files = files
  }

  private static let byteCount = SecretKey.byteCount + XAES256GCM.overhead

  /// Wraps them under the key `id` of a tenant.
  func wrapped(under cipher: XAES256GCM, tenant: UUID, id: UUID) throws(EnvelopeError) -> [UInt8] {
    var bytes: [UInt8] = []
    for (purpose, key) in [
      (KeyPurpose.tenantRedaction, redaction), (.tenantRequests, requests), (.tenantFiles, files),
    ] {
      let context = try Self.associatedData(purpose, tenant: tenant, id: id)
      bytes += try EnvelopeError.translating { () throws(CryptoError) in
        try cipher.seal(key, authenticating: context, nonce: XAES256GCM.Nonce())
      }
    }
    return bytes
  }

  /// Opens what `wrapped` made.
  ///
  /// - Throws: `EnvelopeError.authenticationFailed` for altered bytes, another tenant or key.
  static func opened(
    _ wrapped: [UInt8], under cipher: XAES256GCM, tenant: UUID, id: UUID
  ) throws(EnvelopeError) -> RecognitionKeys {
    guard wrapped.count == 3 * byteCount else { throw .authenticationFailed }
    func key(_ place: Int, _ purpose: KeyPurpose) throws(EnvelopeError) -> SecretKey {
      let context = try associatedData(purpose, tenant: tenant, id: id)
      return try EnvelopeError.translating { () throws(CryptoError) in
        let bytes = Array(wrapped[place * byteCount..<(place + 1) * byteCount])
        return try cipher.openKey(bytes, authenticating: context)
      }
    }
    return RecognitionKeys(
      redaction: try key(0, .tenantRedaction), requests: try key(1, .tenantRequests),
      files: try key(2, .tenantFiles))
  }

  /// The bytes under domain `hansard/v1/recognition`, see `AssociatedData`.
  private static func associatedData(
    _ purpose: KeyPurpose, tenant: UUID, id: UUID
  ) throws(EnvelopeError) -> [UInt8] {
    var data = AssociatedData(.recognition)
    data.append(tenant)
    data.append(id)
    try data.append(purpose.rawValue)
    return data.bytes
  }
}
