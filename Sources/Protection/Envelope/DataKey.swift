// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The key of one recording, or of one recovery session: seals its payloads. Destroying every wrapped copy
/// of it destroys the content.
package final class DataKey: Sendable {
  /// 32 bytes that fix the key without revealing it: `HKDF-Expand(key, "…/commitment", 32)`.
  ///
  /// AES-GCM does not commit to its key: whoever knows two keys can make one ciphertext that opens
  /// under both, to different texts. Two keys with the same commitment would be a collision of
  /// SHA-256, so a payload whose key was checked against the commitment opens in one way only.
  package let commitment: [UInt8]

  /// The key itself, for wrapping under a tenant key.
  let secret: SecretKey

  let cipher: XAES256GCM
  private let macKey: SecretKey

  init(secret: SecretKey) throws(CryptoError) {
    self.secret = secret
    commitment = try KeyPurpose.dataCommitment.publicBytes(from: secret)
    cipher = try XAES256GCM(key: KeyPurpose.dataEncryption.key(from: secret))
    macKey = try KeyPurpose.dataContentMAC.key(from: secret)
  }

  /// A fresh random key.
  package static func generate() throws(EnvelopeError) -> DataKey {
    try EnvelopeError.translating { () throws(CryptoError) in try DataKey(secret: .generate()) }
  }

  /// Seals a payload: `nonce (24) ‖ ciphertext ‖ tag (16)`, bound to its event.
  ///
  /// - Throws: `EnvelopeError.lengthRefused` for a type above 65,535 bytes or a payload above
  ///   1 GiB, `.openSSL`, `.outOfMemory`.
  package func seal(
    _ plaintext: [UInt8], as event: EventContext
  ) throws(EnvelopeError) -> [UInt8] {
    let nonce = try EnvelopeError.translating { () throws(CryptoError) in try XAES256GCM.Nonce() }
    return try seal(plaintext, as: event, nonce: nonce)
  }

  func seal(
    _ plaintext: [UInt8], as event: EventContext, nonce: XAES256GCM.Nonce
  ) throws(EnvelopeError) -> [UInt8] {
    let context = try event.associatedData
    return try EnvelopeError.translating { () throws(CryptoError) in
      try cipher.seal(plaintext, authenticating: context, nonce: nonce)
    }
  }

  /// Opens what `seal` made for the same event.
  ///
  /// - Throws: `EnvelopeError.authenticationFailed` for altered bytes or another event.
  package func open(
    _ sealed: [UInt8], as event: EventContext
  ) throws(EnvelopeError) -> [UInt8] {
    let context = try event.associatedData
    return try EnvelopeError.translating { () throws(CryptoError) in
      try cipher.open(sealed, authenticating: context)
    }
  }

  /// Recognises the same content sent again, without keeping it: 32 bytes of HMAC-SHA-256.
  ///
  /// The message is `u64 number of parts ‖ for each part: u64 length ‖ bytes`, all big-endian, so
  /// that bytes moved from one part to the next give another code.
  package func contentMAC(of parts: [[UInt8]]) throws(EnvelopeError) -> [UInt8] {
    try EnvelopeError.translating { () throws(CryptoError) in
      let mac = try HMACSHA256(key: macKey)
      try mac.update(Self.bigEndian(parts.count))
      for part in parts {
        try mac.update(Self.bigEndian(part.count))
        try mac.update(part)
      }
      return try mac.finish()
    }
  }

  private static func bigEndian(_ count: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(count).bigEndian) { Array($0) }
  }
}

extension DataKey: CustomStringConvertible, CustomReflectable {
  package var description: String { "DataKey(redacted)" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
