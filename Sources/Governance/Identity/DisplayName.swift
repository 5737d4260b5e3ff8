// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A name for people to read: 1 to 255 characters (scalars) without control characters.
package struct DisplayName: Sendable, Hashable {
  /// The name as given.
  package let rawValue: String

  /// Checks `text`; nil when it is empty, too long or holds a control character.
  package init?(_ text: String) {
    guard (1...255).contains(text.unicodeScalars.count),
      text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { return nil }
    self.rawValue = text
  }
}
