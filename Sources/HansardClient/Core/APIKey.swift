// Hansard
// SPDX-License-Identifier: Apache-2.0

/// An API key (`hsd_…`), which never shows itself: not by `description`, not in a debugger's
/// dump, not inside what holds it.
public struct APIKey: Sendable, Hashable {
  let text: String

  /// A key as it was shown when it was made. White space around it is left out, as at the end of
  /// a file.
  public init(_ text: String) {
    var bytes = text.utf8[...]
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  /// Whether it can stand in a field of HTTP at all.
  var isVisible: Bool { !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says that there is a key, and no more.
  public var description: String { "APIKey(hidden)" }

  /// The same.
  public var debugDescription: String { description }

  /// Without children, so that `dump` has nothing to show.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
