// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// What happens, as it happens: notices of a tenant, and recordings that are followed.
package struct Live: Sendable {
  private let gate: Gate
  private let hub: LiveHub
  private let recordings: Recordings

  /// Wires the operations.
  init(gate: Gate, hub: LiveHub, recordings: Recordings) {
    self.gate = gate
    self.hub = hub
    self.recordings = recordings
  }

  /// Begins to tell the caller of what happens: what has happened behind `cursor`, or from now on
  /// where there is none. Whoever gets a subscriber ends it with `finish`.
  ///
  /// A cursor that is of no use any more makes the first item `resync`.
  package func watch(after cursor: Cursor?, by caller: Caller) async throws -> LiveSubscriber {
    let now = try await gate.perform(.watchNotices, by: caller) { transaction, _ in
      let rows = try await transaction.execute(Query("select clock_timestamp()"))
      guard let row = rows.first else { throw DomainError.unreadable }
      return try row.decode(0, as: Timestamp.self)
    }
    let subscriber = LiveSubscriber(caller)
    let feed = try hub.admit(subscriber)
    do {
      let end = try await feed.join(subscriber)
      let here = NoticeCursor(place: end, handedOutAt: now).cursor(of: caller.tenant)
      if let cursor {
        let missed = missed(behind: cursor, caller.tenant, now, end, feed.reader)
        subscriber.begin(missed == nil ? .resync(here) : .ready(cursor), missed)
      } else {
        subscriber.begin(.ready(here), nil)
      }
    } catch {
      subscriber.finish(.left)
      throw error
    }
    return subscriber
  }

  /// What was missed since `cursor` was handed out; nil where that is not known any more.
  private func missed(
    behind cursor: Cursor, _ tenant: TenantID, _ now: Timestamp, _ end: NoticePlace,
    _ reader: NoticeReader
  ) -> LiveBacklog? {
    do {
      let place = try NoticeCursor(cursor, of: tenant, at: now).place
      // Of another database's life, which has counted its transactions anew.
      guard place.xid <= end.xid else { return nil }
      return LiveBacklog(reader: reader, place: place, end: end)
    } catch {
      return nil
    }
  }

  /// Tells the subscriber of the recording's events: those behind `seq`, or those to come where it is
  /// nil. Audited like a read.
  package func follow(
    _ id: RecordingID, afterSeq seq: Int64?, _ subscriber: LiveSubscriber
  ) async throws {
    try subscriber.claim(id)
    let pages: EventPages
    do {
      pages = try await recordings.pages(toFollow: id, afterSeq: seq, by: subscriber.caller)
    } catch {
      subscriber.giveUp(id)
      throw error
    }
    subscriber.offer([.followed(id, nextSeq: pages.seqs.lowerBound + 1)])
    // It lasts as long as there is something to catch up with, or until the subscriber leaves.
    Task { await catchUp(pages, subscriber) }
  }

  /// Sends what there is already, at the subscriber's pace, and then leaves it to the feed.
  private func catchUp(_ pages: EventPages, _ subscriber: LiveSubscriber) async {
    let id = pages.recording
    var position = pages.seqs.lowerBound
    do {
      while pages.seqs.upperBound - position > Int64(TenantFeed.eventPage) {
        guard subscriber.follows(id) else { return }
        let page = try await pages.page(after: position, limit: TenantFeed.eventPage)
        guard let last = page.last else {
          throw DomainError(.integrityFailure, "Events are missing.")
        }
        guard await subscriber.send(page.map { .event(id, $0) }) else { return }
        position = last.seq
      }
    } catch {
      if subscriber.giveUp(id) { subscriber.offer([.unfollowed(id, .unreadable)]) }
      return
    }
    await hub.feed(of: subscriber.caller.tenant)?.follow(
      pages.withoutEnd, after: position, subscriber)
  }

  /// Tells it no more of them; nothing where it was not told.
  package func unfollow(_ id: RecordingID, _ subscriber: LiveSubscriber) async {
    guard subscriber.giveUp(id) else { return }
    await hub.feed(of: subscriber.caller.tenant)?.unfollow(id, subscriber)
    subscriber.offer([.unfollowed(id, .asked)])
  }

  /// Ends all subscriptions: the service is stopping.
  package func stop() { hub.stop() }
}

/// The notices that a subscriber has missed, read as it takes them.
struct LiveBacklog: Sendable {
  let reader: NoticeReader
  var place: NoticePlace
  /// The last of them, or behind it.
  let end: NoticePlace

  /// The next ones; none when there are no more.
  mutating func next() async throws -> [Notice] {
    guard place < end else { return [] }
    let page = try await reader.page(after: place)
    let notices = page.notices.filter { $0.place <= end }
    place = page.isFull ? page.notices.last?.place ?? end : end
    return notices
  }
}
