// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres
package import Protection

/// What kind of event: `operation_start`, `error`, or a platform's own word.
///
/// 1 to 64 bytes, a letter first, then letters, digits and `_ . : -`.
package struct EventType: Sendable, Hashable {
  /// The word as sent.
  package let rawValue: String

  /// Checks `text`; nil when it is not an acceptable type.
  package init?(_ text: String) {
    let bytes = text.utf8
    guard (1...64).contains(bytes.count), let first = bytes.first, Self.isLetter(first) else {
      return nil
    }
    guard bytes.allSatisfy(Self.isAllowed) else { return nil }
    self.rawValue = text
  }

  /// An event of this type makes the generated summary say that errors occurred.
  package static let errorWord = "error"
  /// An event of this type makes the generated summary say that the operation completed.
  package static let completionWord = "operation_complete"
  /// An event of this type says that somebody or something has denied the agent a permission: the recording
  /// is reviewed. An index of each partition is made for it.
  package static let denialWord = "permission_denied"

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    if isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { return true }
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-"): return true
    default: return false
    }
  }
}

/// An event as sent, validated and not yet stored.
package struct EventDraft: Sendable {
  package var type: EventType
  /// The value of `event_data`, as it lies in the client's document: not redacted yet.
  package var data: JSONValue
  /// When it happened, by the client's clock; nil: when it was received.
  package var timestamp: Timestamp?
  /// Chosen by a client that wants to be able to send it again; nil: we make one.
  package var id: EventID?

  /// Creates a draft.
  package init(type: EventType, data: JSONValue, timestamp: Timestamp?, id: EventID?) {
    self.type = type
    self.data = data
    self.timestamp = timestamp
    self.id = id
  }

  /// The largest event, in bytes of its JSON object.
  package static let maximumBytes = 256 * 1024
  /// The most events in one batch.
  package static let maximumBatch = 1000
}

/// The promise that an event is committed: the client's own evidence against later omission.
package struct EventReceipt: Sendable, Equatable {
  package var recording: RecordingID
  package var event: EventID
  /// Position in the recording: 1, 2, 3, … without gaps.
  package var seq: Int64
  /// When it was stored, by the database's clock.
  package var recordedAt: Timestamp
  /// 32 bytes; see `Ledger`.
  package var leafHash: [UInt8]
  /// True when the event had been stored before and this is its first receipt again.
  package var isReplay: Bool
}

/// A stored event, opened.
package struct Event: Sendable {
  package var id: EventID
  package var seq: Int64
  package var type: String
  package var timestamp: Timestamp
  package var recordedAt: Timestamp
  package var leafHash: [UInt8]
  /// The bytes that the client sent as `event_data`, but for what was redacted.
  package var data: [UInt8]
  /// What was redacted, by family, in alphabetical order.
  package var redactions: [Redaction.Count]
}
