// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres
package import Protection

/// What is written about a recovery in one word or a few: a type of error, a strategy, a next action.
///
/// UTF-8 without control characters, not empty, and bounded in bytes. It stays in clear, so it is redacted
/// as tags are.
package struct RecoveryWord: Sendable, Hashable {
  /// The word, unchanged.
  package let rawValue: String

  /// Checks `text`; nil when it is empty, too long or holds a control character.
  package init?(_ text: String, maximumBytes: Int) {
    guard (1...maximumBytes).contains(text.utf8.count),
      text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { return nil }
    self.rawValue = text
  }

  init(verified text: String) { rawValue = text }

  /// The longest type of an error, in bytes.
  package static let maximumErrorTypeBytes = 255
  /// The longest strategy or next action, in bytes.
  package static let maximumStepBytes = 64

  /// **seed** What comes after a success, and after a failure, unless it is said.
  static func nextAction(afterSuccess success: Bool) -> RecoveryWord {
    RecoveryWord(verified: success ? "complete" : "retry")
  }
}

/// An attempt as sent, validated and not yet stored.
package struct RecoveryAttemptDraft: Sendable {
  /// Chosen by a client that wants to be able to send it again; nil: we make one.
  package var entry: RecoveryEntryID?
  /// When it was tried, by the client's clock; nil: when it is received.
  package var timestamp: Timestamp?
  package var errorType: RecoveryWord
  /// `fix`, `retry`, `alternative`, `rollback`, `escalate`, or a word of the client's own.
  package var strategy: RecoveryWord
  /// 1…`maximumNumber`; nil: counted within the session.
  package var number: Int64?
  package var success: Bool
  package var rollbackPerformed = false
  /// nil: `complete` after success, else `retry`.
  package var nextAction: RecoveryWord?
  package var duration: RecoveryDuration
  package var texts = RecoveryTexts()
  package var agent: AgentID?
  package var user: UserID?
  package var canvas: CanvasID?
  /// Set where the attempt is to be told of in the timeline of a recording too.
  package var recording: RecordingID?

  /// Creates a draft of the essentials.
  package init(
    errorType: RecoveryWord, strategy: RecoveryWord, success: Bool, duration: RecoveryDuration
  ) {
    self.errorType = errorType
    self.strategy = strategy
    self.success = success
    self.duration = duration
  }

  /// The largest attempt, in bytes of its JSON object.
  package static let maximumBytes = EventDraft.maximumBytes
  /// The most attempts in one request.
  package static let maximumBatch = 1000
  /// The highest number that can be given.
  package static let maximumNumber: Int64 = 1_000_000_000
}

/// What is sealed of an attempt, as sent.
package struct RecoveryTexts: Sendable {
  package var changesMade: [String] = []
  package var filesModified: [String] = []
  package var errorMessage: String?
  package var recoveryMessage: String?
  /// What the error has become: any JSON, as sent.
  package var errorAfter: [UInt8]?
  package var source: String?
  package var stackTrace: String?
  package var file: String?
  package var line: Int64?
  /// Any JSON, as sent.
  package var context: [UInt8]?

  /// Nothing at all.
  package init() {}

  /// The most changes, and the most files.
  package static let maximumEntries = 1000
  /// The longest change or message, in bytes.
  package static let maximumTextBytes = 64 * 1024
  /// The longest name of a file or source, in bytes.
  package static let maximumNameBytes = 4096
  /// The longest stack trace, in bytes.
  package static let maximumTraceBytes = 128 * 1024
}

/// The promise that an attempt is committed.
package struct RecoveryReceipt: Sendable, Equatable {
  package var session: SessionID
  package var entry: String
  package var number: Int64
  /// When it was stored, by the database's clock.
  package var recordedAt: Timestamp
  /// Where the attempt is told of, if it was made in a recording.
  package var event: RecoveryEvent?
  /// True when the attempt had been stored before and this is its first receipt again.
  package var isReplay: Bool
}

/// The event that tells of an attempt in a recording.
package struct RecoveryEvent: Sendable, Equatable {
  package var recording: RecordingID
  package var event: EventID
  package var seq: Int64
}

/// A stored attempt, opened.
package struct RecoveryAttempt: Sendable {
  package var entry: String
  package var timestamp: Timestamp
  package var session: SessionID
  package var errorType: String
  package var strategy: String
  package var number: Int64
  package var success: Bool
  package var rollbackPerformed: Bool
  package var nextAction: String
  /// A decimal number, as sent to the digit.
  package var durationSeconds: String
  package var content: RecoveryContent
  package var agent: AgentID?
  package var user: UserID?
  package var canvas: CanvasID?
  package var event: RecoveryEvent?
  package var recordedAt: Timestamp
  package var recordedBy: String
  /// What was redacted, by family, in alphabetical order.
  package var redactions: [Redaction.Count]
  /// In the order of arrival, from 1.
  var position: Int64
}
