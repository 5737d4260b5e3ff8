// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// What happens, as it happens: notices of a tenant, and recordings that are followed.
package struct Live: Sendable {
  let gate: Gate
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
    let (now, nextXID) = try await gate.perform(.watchNotices, by: caller) { transaction, _ in
      let rows = try await transaction.execute(.presentTransaction)
      guard let row = rows.first else { throw DomainError.unreadable }
      return (try row.decode(0, as: Timestamp.self), try row.decode(1, as: Int64.self))
    }
    let (subscriber, feed) = try hub.admit(caller)
    do {
      let end = try await feed.join(subscriber)
      let here = NoticeCursor(place: end, handedOutAt: now).cursor(of: caller.tenant)
      if let cursor, let place = place(behind: cursor, caller.tenant, now, nextXID) {
        subscriber.begin(.ready(cursor), after: place)
      } else {
        subscriber.begin(cursor == nil ? .ready(here) : .resync(here), after: end)
      }
      return subscriber
    } catch {
      subscriber.finish(.left)
      throw error
    }
  }

  /// Enters in the audit log that a page asked on the caller's behalf which may not.
  ///
  /// - Returns: The answer: `forbidden`, or what kept it from being entered.
  package func refuse(page origin: String, by caller: Caller) async throws -> DomainError {
    // Whatever a client sends stands there: as much of it as a page's origin has, and no secret.
    let redacted = try await recordings.redactors.find(caller.tenant).redact(origin)
    let origin = String(
      decoding: Array(redacted.utf8.prefix(Self.maximumOriginBytes)), as: UTF8.self)
    return await gate.refused(
      .watchNotices, by: caller, naming: AuditMention(details: ["origin": origin]),
      answer: DomainError(.forbidden, "Pages of this origin may not connect."))
  }

  /// A host's name has 253 bytes at the most.
  private static let maximumOriginBytes = 300

  /// Where somebody was who comes back; nil where what happened since is not known any more.
  private func place(
    behind cursor: Cursor, _ tenant: TenantID, _ now: Timestamp, _ nextXID: Int64
  ) -> NoticePlace? {
    do {
      let place = try NoticeCursor(cursor, of: tenant, at: now).place
      // Otherwise of another database's life, which has counted its transactions anew.
      return place.xid < nextXID ? place : nil
    } catch {
      return nil
    }
  }

  /// Tells the subscriber of the recording's events: those behind `seq`, or those to come where it is
  /// nil. Audited like a read.
  package func follow(
    _ id: RecordingID, afterSeq seq: Int64?, _ subscriber: LiveSubscriber
  ) async throws {
    try subscriber.requireRoom(for: id)
    let pages = try await recordings.pages(toFollow: id, afterSeq: seq, by: subscriber.caller)
    subscriber.follow(pages)
    await hub.feed(of: subscriber.caller.tenant)?.follow(id, subscriber)
  }

  /// Tells it no more of them; nothing where it was not told.
  package func unfollow(_ id: RecordingID, _ subscriber: LiveSubscriber) async {
    await hub.feed(of: subscriber.caller.tenant)?.unfollow(id, subscriber)
    subscriber.unfollow(id, because: .asked)
  }

  /// Ends all subscriptions: the service is stopping.
  package func stop() { hub.stop() }
}
