// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The text of an API key: `hsd_<key id>_<secret>`, see `SecretText`.
struct APIKeyToken: Sendable {
  private let form: SecretText

  /// Reads a token; nil unless it has exactly this form.
  init?(_ text: String) {
    guard let form = SecretText(text, .apiKey) else { return nil }
    self.form = form
  }

  /// A new key with a new secret.
  static func make() throws -> APIKeyToken {
    APIKeyToken(form: try .make(.apiKey, id: KeyID.make().uuid))
  }

  private init(form: SecretText) { self.form = form }

  var key: KeyID { KeyID(form.id) }

  /// The secret as text.
  var secret: String { form.secret }

  /// What is shown once and never stored.
  var text: String { form.text }

  /// What is stored: 32 bytes.
  var secretHash: [UInt8] {
    get throws { try form.secretHash }
  }
}
