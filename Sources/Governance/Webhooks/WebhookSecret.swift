// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Protection

/// What signs the messages to a webhook, as Standard Webhooks have it: 32 random bytes, shown to the
/// receiver once as `whsec_` and their base64.
struct WebhookSecret: Sendable {
  let bytes: [UInt8]

  /// A new one.
  static func make() throws -> WebhookSecret {
    WebhookSecret(bytes: try SecureRandom.bytes(SecretKey.byteCount))
  }

  /// What is shown once.
  var text: String { "whsec_" + Data(bytes).base64EncodedString() }

  /// `v1,` and the base64 of HMAC-SHA-256 over `id.timestamp.body`.
  ///
  /// - Parameter timestamp: Seconds since 1970, as the message has it.
  func signature(id: String, timestamp: Int64, body: [UInt8]) throws -> String {
    let key = try bytes.withUnsafeBytes { (bytes) throws in try SecretKey(copying: bytes) }
    let code = try HMACSHA256.code(for: Array("\(id).\(timestamp).".utf8) + body, key: key)
    return "v1," + Data(code).base64EncodedString()
  }
}
