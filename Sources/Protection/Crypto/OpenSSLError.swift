// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto

/// A failed call into OpenSSL: the function's name and the codes of its error queue.
///
/// OpenSSL's reason texts are constants of the library, so nothing of a caller's data can be in
/// `description`.
package struct OpenSSLError: Error, Sendable, Hashable {
  /// The C function that failed, for example `EVP_EncryptInit_ex2`.
  package let operation: String
  /// Packed error codes, oldest first, at most 16; `openssl errstr <hex>` explains one.
  package let codes: [UInt]

  init(operation: String, codes: [UInt]) {
    self.operation = operation
    self.codes = codes
  }

  /// Takes the calling thread's error queue.
  ///
  /// The queue must not be left behind: libpq reads the same queue when TLS fails on this thread,
  /// and would report our error as its own.
  static func take(after operation: StaticString) -> OpenSSLError {
    var codes: [UInt] = []
    while codes.count < 16 {
      let code = ERR_get_error()
      if code == 0 { break }
      codes.append(UInt(code))
    }
    ERR_clear_error()
    return OpenSSLError(operation: operation.description, codes: codes)
  }
}

extension CryptoError {
  /// The failure of `operation` with whatever OpenSSL queued for it.
  static func failed(_ operation: StaticString) -> CryptoError {
    .openSSL(.take(after: operation))
  }
}

extension OpenSSLError: CustomStringConvertible {
  package var description: String {
    let reasons = codes.map { code in
      guard let text = ERR_reason_error_string(code) else { return "code \(code)" }
      return String(cString: text)
    }
    return "\(operation) failed" + reasons.map { ": \($0)" }.joined()
  }
}
