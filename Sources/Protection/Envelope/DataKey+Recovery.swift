// Hansard
// SPDX-License-Identifier: Apache-2.0

extension DataKey {
  /// Seals the texts of a recovery attempt: `nonce (24) ‖ ciphertext ‖ tag (16)`.
  ///
  /// - Throws: `EnvelopeError.lengthRefused` for an entry id above 65,535 bytes or a payload above 1 GiB,
  ///   `.openSSL`, `.outOfMemory`.
  package func seal(
    _ plaintext: [UInt8], as attempt: RecoveryContext
  ) throws(EnvelopeError) -> [UInt8] {
    let context = try attempt.associatedData
    return try EnvelopeError.translating { () throws(CryptoError) in
      try cipher.seal(plaintext, authenticating: context)
    }
  }

  /// Opens what `seal` made for the same attempt.
  ///
  /// - Throws: `EnvelopeError.authenticationFailed` for altered bytes or another attempt.
  package func open(
    _ sealed: [UInt8], as attempt: RecoveryContext
  ) throws(EnvelopeError) -> [UInt8] {
    let context = try attempt.associatedData
    return try EnvelopeError.translating { () throws(CryptoError) in
      try cipher.open(sealed, authenticating: context)
    }
  }
}
