// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What can go wrong with keys and sealed payloads; no case carries keys or plaintext.
package enum EnvelopeError: Error, Sendable, Hashable {
  /// Wrong key, wrong context (tenant, recording, event, type, time, key id) or altered bytes.
  case authenticationFailed
  /// The unwrapped data key is not the one that the commitment was made for.
  case commitmentMismatch
  /// No master key of that id is loaded.
  case unknownMasterKey(id: String)
  /// A master key of that id is loaded, but it is another key than the one of that fingerprint.
  case wrongMasterKey(id: String)
  /// A field of the context or a text is longer than its encoding takes.
  case lengthRefused
  /// The system gave no memory for a key.
  case outOfMemory
  /// A call into OpenSSL failed.
  case openSSL(OpenSSLError)

  init(_ error: CryptoError) {
    switch error {
    case .authenticationFailed: self = .authenticationFailed
    case .lengthRefused: self = .lengthRefused
    case .outOfMemory: self = .outOfMemory
    case .openSSL(let error): self = .openSSL(error)
    }
  }

  /// Runs cryptographic work and translates its errors.
  static func translating<Result: ~Copyable>(
    _ work: () throws(CryptoError) -> Result
  ) throws(EnvelopeError) -> Result {
    do {
      return try work()
    } catch {
      throw EnvelopeError(error)
    }
  }
}

extension EnvelopeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .authenticationFailed: "authentication failed"
    case .commitmentMismatch: "the data key does not match its commitment"
    case .unknownMasterKey(let id): "no master key with the id \(id) is loaded"
    case .wrongMasterKey(let id): "the master key with the id \(id) is not the one used before"
    case .lengthRefused: "a field is too long to be sealed"
    case .outOfMemory: "no memory for a key"
    case .openSSL(let error): error.description
    }
  }
}
