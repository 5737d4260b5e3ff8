// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What stands where a secret stood: `[REDACTED:family:fingerprint]`.
///
/// Text that looks like the beginning of a marker gets one more exclamation mark: `[REDACTED:`
/// becomes `[REDACTED!:`, `[REDACTED!:` becomes `[REDACTED!!:`, and so on. So nothing that a client
/// sends can be taken for a marker, and what was sent can be told from what is kept.
enum RedactionMarker {
  /// What every marker begins with, up to its first colon.
  static let opening = "[REDACTED"
  static let openingBytes = Array(opening.utf8)
  /// The longest name of a family.
  static let longestFamily = 36
  static let exclamationMark = UInt8(ascii: "!")
  /// The same as what is inserted: one array for all of them.
  static let escape = [exclamationMark]
  static let colon = UInt8(ascii: ":")
  /// Bytes of the fingerprint that are shown, as hexadecimal digits.
  static let fingerprintBytes = 8
  /// What escaped markers are counted under.
  static let escapeFamily = "escaped_marker"

  /// The marker of a secret with this keyed digest.
  static func text(_ family: String, digest: [UInt8]) -> [UInt8] {
    var text = Array("\(opening):\(family):".utf8)
    for byte in digest.prefix(fingerprintBytes) { text.append(hexadecimal: byte) }
    text.append(UInt8(ascii: "]"))
    return text
  }
}
