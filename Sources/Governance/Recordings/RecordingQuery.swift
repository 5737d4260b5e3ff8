// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// Which recordings to list; every condition given must hold.
package struct RecordingFilter: Sendable {
  package var agent: AgentID?
  package var user: UserID?
  package var canvas: CanvasID?
  package var session: SessionID?
  package var status: Recording.Status?
  package var tag: Tag?
  package var reason: RecordingText?
  package var isFlagged: Bool?
  /// Started at or after.
  package var startedAfter: Timestamp?
  /// Started before.
  package var startedBefore: Timestamp?

  /// Creates a filter that lets everything through.
  package init() {}

  /// The conditions that an audit entry has no place of their own for, by the names that they are asked by.
  var details: [String: String] {
    let conditions: [String: String?] = [
      "status": status?.rawValue, "tag": tag?.rawValue, "reason": reason?.rawValue,
      "flagged": isFlagged.map { "\($0)" }, "started_after": startedAfter?.rfc3339,
      "started_before": startedBefore?.rfc3339,
    ]
    return conditions.compactMapValues { $0 }
  }

  /// Whether any condition is a text of the caller's.
  var namesText: Bool {
    agent != nil || user != nil || canvas != nil || session != nil || tag != nil || reason != nil
  }
}

/// How many entries a page may have: 1 to 500, 50 unless said.
package struct PageLimit: Sendable, Equatable {
  /// The number of entries.
  package let count: Int

  /// Checks `count`; nil outside 1…500.
  package init?(_ count: Int) {
    guard (1...500).contains(count) else { return nil }
    self.count = count
  }

  private init(unchecked count: Int) { self.count = count }

  /// 50 entries.
  package static let standard = PageLimit(unchecked: 50)
  /// 500 entries.
  static let largest = PageLimit(unchecked: 500)
}

/// An opaque place in a listing, handed out as a `next` cursor and taken back.
///
/// The text is base64url without padding; what is inside is ours and may change. A cursor that was
/// not handed out to the same tenant for the same kind of listing is refused as `bad_cursor`.
package struct Cursor: Sendable, Equatable {
  /// The text as handed out.
  package let text: String

  /// Wraps a text from a request; checked where it is used.
  package init(text: String) { self.text = text }
}

/// One page of a listing.
package struct Page<Element: Sendable>: Sendable {
  package var elements: [Element]
  /// Where the next page starts; nil at the end.
  package var next: Cursor?
}

/// One page of a replay: events in order of `timestamp`, then `seq`.
package struct Replay: Sendable {
  package var recording: Recording
  package var events: [Event]
  package var next: Cursor?
}
