// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Replaces secrets and personal data by markers, under one tenant's rules and key.
///
/// The fingerprint in a marker is a keyed digest, so the same secret can be recognised within a tenant
/// without being kept, and nowhere else.
package struct Redactor: Sendable {
  private let rules: RedactionRules
  private let key: TenantKey

  /// Redacts by `rules`, with fingerprints under `key`.
  package init(rules: RedactionRules, key: TenantKey) {
    self.rules = rules
    self.key = key
  }

  /// Redacts a JSON value: in its strings, decoded, and in JSON inside of them; the whole value of a
  /// sensitive key. The result is one JSON value again.
  ///
  /// - Throws: `EnvelopeError` when a fingerprint cannot be computed.
  package func redact(_ value: JSONValue) throws(EnvelopeError) -> Redaction {
    var walk = JSONRedaction(value, rules: rules, key: key)
    return try walk.redacted()
  }

  /// Redacts a text that is no JSON. One that was valid UTF-8 still is.
  ///
  /// - Throws: `EnvelopeError` when a fingerprint cannot be computed.
  package func redact(text: String) throws(EnvelopeError) -> Redaction {
    let bytes = Array(text.utf8)
    var levels = LeveledScan(rules: rules)
    var edits = RedactionEdits()
    levels.scan(bytes, 0..<bytes.count, isString: false, isEscaped: false)
    try levels.edit(&edits, key: key)
    return edits.apply(to: bytes, 0..<bytes.count)
  }
}

extension Redactor {
  /// The marker of a text that is replaced as a whole.
  package func marker(of text: String, _ family: String) throws(EnvelopeError) -> [UInt8] {
    RedactionMarker.text(family, digest: try key.redactionFingerprint(of: Array(text.utf8)))
  }
}
