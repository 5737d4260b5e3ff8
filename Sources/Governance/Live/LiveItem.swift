// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One thing that a subscriber is told.
package enum LiveItem: Sendable {
  /// The first: everything behind this place is told.
  case ready(Cursor)
  case notice(Notice)
  /// An event of a recording that is followed.
  case event(RecordingID, Event)
  /// A recording is followed from now on; its event at `nextSeq` comes first.
  case followed(RecordingID, nextSeq: Int64)
  /// A recording is not followed any more.
  case unfollowed(RecordingID, Unfollowed)
  /// Something that was asked for is refused, by code and in words; the recording that it was about,
  /// if any.
  case refused(code: String, detail: String, RecordingID?)
  /// The first, where what happened since the subscriber was here last is not known any more: it is to
  /// look for itself, and everything behind this place is told.
  case resync(Cursor)

  /// Why a recording is not followed any more.
  package enum Unfollowed: String, Sendable {
    /// As was asked for.
    case asked
    /// It has stopped, and every event was told.
    case stopped
    /// Its content cannot be read any more.
    case unreadable
  }

  /// About what it takes to keep, in bytes.
  package var weight: Int {
    switch self {
    case .notice(let notice): 200 + notice.content.count
    case .event(_, let event): 200 + event.data.count
    default: 200
    }
  }
}

/// Why a subscription has ended.
package enum LiveEnd: Sendable, Equatable {
  /// It was left.
  case left
  /// Its holder did not take what it was told.
  case slow
  /// Its holder's key is not live any more.
  case notLive
  /// The service is stopping.
  case stopping
  /// The service does not serve: its database was restored to a time before erasures.
  case sealed
}
