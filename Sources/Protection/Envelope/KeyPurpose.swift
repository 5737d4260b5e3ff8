// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a key is expanded for: the `info` of HKDF-Expand (RFC 5869), in ASCII.
///
/// No key is used for two things: each of the three levels is only ever expanded, and the results
/// do one job each.
enum KeyPurpose: String {
  case masterWrap = "hansard/v1/master-key/wrap"
  case masterFingerprint = "hansard/v1/master-key/fingerprint"
  case tenantWrap = "hansard/v1/tenant-key/wrap"
  case tenantRedaction = "hansard/v1/tenant-key/redaction"
  case tenantRequests = "hansard/v1/tenant-key/requests"
  case tenantAnswers = "hansard/v1/tenant-key/answers"
  case tenantWebhooks = "hansard/v1/tenant-key/webhooks"
  case tenantFiles = "hansard/v1/tenant-key/files"
  case dataEncryption = "hansard/v1/data-key/encryption"
  case dataCommitment = "hansard/v1/data-key/commitment"
  case dataContentMAC = "hansard/v1/data-key/content-mac"

  /// The key for this purpose.
  func key(from parent: SecretKey) throws(CryptoError) -> SecretKey {
    try HKDFSHA256.expand(parent, info: Array(rawValue.utf8))
  }

  /// 32 bytes for this purpose that may be shown and stored.
  func publicBytes(from parent: SecretKey) throws(CryptoError) -> [UInt8] {
    try HKDFSHA256.expand(parent, info: Array(rawValue.utf8), byteCount: 32)
  }
}
