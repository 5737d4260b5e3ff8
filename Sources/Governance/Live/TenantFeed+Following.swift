// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// A recording that somebody follows, as the feed needs it.
struct FollowedRecording: Sendable {
  /// Fetches and opens its events.
  let pages: EventPages
  /// Who follows it, and the last event that each was told.
  var followers: [ObjectIdentifier: (subscriber: LiveSubscriber, seq: Int64)] = [:]

  /// The last event that all of them were told.
  var seq: Int64 { followers.values.map(\.seq).min() ?? .max }
}

extension TenantFeed {
  /// Tells `subscriber` of the recording's events behind `seq` from now on.
  func follow(_ pages: EventPages, after seq: Int64, _ subscriber: LiveSubscriber) {
    guard subscriber.follows(pages.recording) else { return }
    let known = followed[pages.recording] ?? FollowedRecording(pages: pages)
    followed[pages.recording] = known
    followed[pages.recording]?.followers[ObjectIdentifier(subscriber)] = (subscriber, seq)
    wake()
  }

  /// Tells it no more of them.
  func unfollow(_ recording: RecordingID, _ subscriber: LiveSubscriber) {
    followed[recording]?.followers[ObjectIdentifier(subscriber)] = nil
    if followed[recording]?.followers.isEmpty ?? false { followed[recording] = nil }
  }

  /// Looks how far the recordings are that are followed, and tells of what is new.
  func tellEvents() async throws {
    var gone = Set(followed.keys)
    guard !gone.isEmpty else { return }
    let rows = try await reader.database.read(
      .progress(of: Array(gone), of: reader.tenant), of: reader.tenant)
    for row in rows {
      var column = row.reader()
      let recording: RecordingID = try column.serverID()
      gone.remove(recording)
      let count = try column.next(Int64.self)
      let isOpen = try column.next(Bool.self)
      do {
        try await tellEvents(of: recording, upTo: count)
      } catch let error as DomainError where error.code == .integrityFailure {
        end(recording, .unreadable)
        continue
      }
      if !isOpen { end(recording, .stopped) }
    }
    for recording in gone { end(recording, .unreadable) }
  }

  private func tellEvents(of recording: RecordingID, upTo count: Int64) async throws {
    while let found = followed[recording], found.seq < count {
      let events = try await found.pages.page(after: found.seq, limit: Self.eventPage)
      guard let last = events.last else {
        throw DomainError(.integrityFailure, "Events are missing.")
      }
      for (key, follower) in followed[recording]?.followers ?? [:] where follower.seq < last.seq {
        follower.subscriber.offer(
          events.filter { $0.seq > follower.seq }.map { .event(recording, $0) })
        followed[recording]?.followers[key]?.seq = last.seq
      }
    }
  }

  /// The most events that are told at once.
  static let eventPage = 50

  private func end(_ recording: RecordingID, _ reason: LiveItem.Unfollowed) {
    for follower in followed[recording]?.followers.values ?? [:].values {
      follower.subscriber.giveUp(recording)
      follower.subscriber.offer([.unfollowed(recording, reason)])
    }
    followed[recording] = nil
  }
}
