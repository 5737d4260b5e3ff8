// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A sentence a person or platform wrote about a recording: a reason, a summary, a flag's reason.
///
/// UTF-8 without U+0000 (PostgreSQL cannot hold it), not empty, and bounded in bytes.
package struct RecordingText: Sendable, Equatable {
  /// The text, unchanged.
  package let rawValue: String

  /// Checks `text` against `maximumBytes`; nil when it is empty, too long or holds U+0000.
  package init?(_ text: String, maximumBytes: Int) {
    guard (1...maximumBytes).contains(text.utf8.count), !text.utf8.contains(0) else { return nil }
    self.rawValue = text
  }

  init(verified text: String) { rawValue = text }

  /// The longest reason of a recording, in bytes.
  package static let maximumReasonBytes = 1000
  /// The longest summary, in bytes.
  package static let maximumSummaryBytes = 4000
  /// The longest reason of a flag, in bytes.
  package static let maximumFlagReasonBytes = 2000
}

/// A short label on a recording: 1 to 64 bytes of UTF-8 without control characters.
package struct Tag: Sendable, Hashable {
  /// The label, unchanged.
  package let rawValue: String

  /// Checks `text`; nil when it is empty, too long or holds a control character.
  package init?(_ text: String) {
    guard (1...Self.maximumBytes).contains(text.utf8.count) else { return nil }
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
    self.rawValue = text
  }

  init(verified text: String) { rawValue = text }

  /// The longest tag, in bytes.
  package static let maximumBytes = 64
  /// The most tags a caller may give a recording.
  package static let maximumCount = 32

  static let autonomous = Tag(verified: "autonomous")
  static let governance = Tag(verified: "governance")
  static let flaggedReview = Tag(verified: "flagged_review")
}
