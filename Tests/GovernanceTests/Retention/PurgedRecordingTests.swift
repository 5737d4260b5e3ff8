// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Who could have seen a recording that was purged is told that it is gone; others in the tenant that they may
/// not see it; and nobody else that there was one.
@Suite(.serialized, .database)
struct PurgedRecordingTests {
  /// Whether reviewers could see it.
  @Test(arguments: [false, true])
  func everyOperationSaysThatItIsGone(wasFlagged: Bool) async throws {
    try await Fixture.run { fixture in
      let (acme, recordings) = (fixture.acme, fixture.recordings)
      let id = try await fixture.recordings.started(by: acme)
      // So that its context is remembered.
      try await recordings.appendOne(.of(), to: id, by: acme.recorder)
      if wasFlagged { _ = try await recordings.flag(id, reason: .reason("x"), by: acme.ann) }
      try await fixture.withTwin { twin in
        // As another instance would: this one's memory is not told.
        _ = try await twin.recordings.stop(id, status: .completed, summary: nil, by: acme.admin)
        _ = try await twin.deletions.delete(id, because: .reason("x"), by: acme.admin)
      }
      let operations: [(String, @Sendable (Caller) async throws -> Void)] = [
        ("none own flagged all all", { _ = try await recordings.find(id, by: $0) }),
        (
          "none own flagged all all",
          { _ = try await recordings.export(id, afterSeq: 0, by: $0) }
        ),
        (
          "none own flagged all all",
          { _ = try await recordings.events(of: id, afterSeq: 0, limit: .standard, by: $0) }
        ),
        (
          "none own flagged all all",
          { _ = try await recordings.replay(of: id, limit: .standard, cursor: nil, by: $0) }
        ),
        (
          "none own flagged all all",
          { _ = try await recordings.pages(toFollow: id, afterSeq: nil, by: $0) }
        ),
        ("all own own none all", { _ = try await recordings.appendOne(.of(), to: id, by: $0) }),
        (
          "all own own none all",
          { _ = try await recordings.stop(id, status: .failed, summary: nil, by: $0) }
        ),
        (
          "none own all none all",
          { _ = try await recordings.flag(id, reason: .reason("x"), by: $0) }
        ),
        (
          "none none none none all",
          { _ = try await fixture.hansard.holds.place(on: id, because: .reason("x"), by: $0) }
        ),
        (
          "none none none none all",
          { _ = try await fixture.hansard.deletions.delete(id, because: .reason("x"), by: $0) }
        ),
      ]
      let callers = [acme.recorder, acme.ann, acme.bob, acme.reviewer, acme.auditor, acme.admin]
      for (number, (words, operation)) in operations.enumerated() {
        let reaches = words.split(separator: " ").compactMap { Reach(rawValue: String($0)) }
        // Members twice: her whose it was, and somebody else.
        for (caller, reach) in zip(callers, [reaches[0], reaches[1]] + reaches[1...]) {
          let isOwn = caller.principal.user == acme.ann.principal.user
          let expected: DomainError.Code =
            reach.covers(isOwn: isOwn, isFlagged: wasFlagged) ? .recordingExpired : .forbidden
          let code = try await refusal { try await operation(caller) }
          #expect(code == expected, "\(number) by \(caller.principal.actor)")
        }
        let foreign = try await domainError { try await operation(fixture.globex.admin) }
        #expect(foreign == .recordingNotFound, "\(number)")
      }
      let list = try await recordings.list(.init(), limit: .standard, cursor: nil, by: acme.admin)
      #expect(list.elements.isEmpty)
      // Every refusal has its line, which names what was there.
      let lines = try await TestDatabase.current.psql(
        """
        select count(*), count(*) filter (where agent_id = 'bot' and user_id = 'ann')
        from hansard.canvas_audit
        where tenant_id = '\(acme.tenant)' and outcome = 'refused'
        """)
      #expect(lines == "60|60\n")
    }
  }

  /// The certificate names the review, so that it is known what the review was of.
  @Test func itsReviewIsGoneToo() async throws {
    try await Fixture.run { fixture in
      let (acme, reviews) = (fixture.acme, fixture.hansard.reviews)
      let id = try await fixture.stopped()
      _ = try await fixture.recordings.flag(id, reason: .reason("x"), by: acme.ann)
      let review = try #require(
        try await reviews.claimNext(for: .seconds(600), by: acme.reviewer))
      _ = try await fixture.hansard.deletions.delete(id, because: .reason("x"), by: acme.admin)
      for caller in [acme.reviewer, acme.auditor, acme.admin] {
        let code = try await refusal { try await reviews.find(review.id, by: caller) }
        #expect(code == .recordingExpired)
      }
      #expect(try await refusal { try await reviews.find(review.id, by: acme.bob) } == .forbidden)
      let stranger = try await refusal {
        try await reviews.find(review.id, by: fixture.globex.admin)
      }
      #expect(stranger == .notFound)
      let release = try await refusal { try await reviews.release(review.id, by: acme.reviewer) }
      #expect(release == .recordingExpired)
      let queue = try await reviews.list(nil, limit: .standard, cursor: nil, by: acme.reviewer)
      #expect(queue.elements.isEmpty)
    }
  }

  /// What is being read breaks off: it is not shown as if that were all.
  @Test(arguments: ["purged", "moved"])
  func aReadThatBeganBefore(_ what: String) async throws {
    try await Fixture.run { fixture in
      let acme = fixture.acme
      let count = EventPages.firstLimit + 3
      let id = try await fixture.stopped(events: count)
      let reading = try await fixture.recordings.find(id, by: acme.ann)
      let follower = try await fixture.recordings.pages(toFollow: id, afterSeq: 0, by: acme.ann)
      var events: [Event] = []
      func read() async throws {
        try await reading.forEachPage { page in
          guard events.isEmpty else { return events += page }
          events += page
          if what == "purged" {
            _ = try await fixture.hansard.deletions.delete(
              id, because: .reason("x"), by: acme.admin)
          } else {
            _ = try await fixture.hansard.holds.place(
              on: id, because: .reason("x"), by: acme.admin)
            try await StoppedRecordings.move(id, to: "9999-12-31", of: acme.tenant)
          }
        }
      }
      if what == "purged" {
        #expect(try await refusal { try await read() } == .recordingExpired)
        #expect(events.count == EventPages.firstLimit)
        let code = try await refusal { try await follower.page(after: 0, limit: 10) }
        #expect(code == .recordingExpired)
      } else {
        try await read()
        #expect(events.map(\.seq) == Array(1...Int64(count)))
        #expect(try await follower.page(after: 0, limit: 10).count == 10)
        // And again, from where it is now.
        #expect(try await fixture.recordings.allEvents(of: id, by: acme.ann).count == count)
      }
    }
  }
}
