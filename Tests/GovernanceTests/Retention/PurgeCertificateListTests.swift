// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A question about a range whose recordings are gone is answered with just those that were in it.
@Suite(.serialized, .database)
struct PurgeCertificateListTests {
  /// Of two agents, two users and two causes, started a day and purged an hour apart.
  private func furnish(_ fixture: Fixture) async throws -> [PurgeCertificate] {
    let acme = fixture.acme
    for number in 0..<8 {
      let id = try await fixture.recordings.started(
        by: acme, agent: number % 2 == 0 ? "even" : "odd", user: number % 3 == 0 ? "ann" : "bob")
      _ = try await fixture.recordings.stop(
        id, status: .completed, summary: nil, by: acme.recorder)
      if number < 4 {
        _ = try await fixture.hansard.deletions.delete(
          id, because: .reason("asked"), by: acme.admin)
      } else {
        try await StoppedRecordings.expire(id)
      }
    }
    #expect(await fixture.hansard.retention.run().tally.recordings == 4)
    try await TestDatabase.current.psql(
      """
      set session_replication_role = replica;
      update hansard.purge_certificates as c
      set started_at = timestamptz '2026-01-01Z' + n.number * interval '1 day',
        purged_at = timestamptz '2031-06-01Z' - n.number * interval '1 hour'
      from (
        select recording_id, row_number() over (order by recording_id) as number
        from hansard.purge_certificates) as n
      where n.recording_id = c.recording_id
      """)
    return try await list(PurgeCertificateFilter(), fixture)
  }

  /// All pages, of three each.
  private func list(
    _ filter: PurgeCertificateFilter, _ fixture: Fixture
  ) async throws -> [PurgeCertificate] {
    let limit = try #require(PageLimit(3))
    var (found, cursor) = ([PurgeCertificate](), Cursor?.none)
    repeat {
      let page = try await fixture.hansard.certificates.list(
        filter, limit: limit, cursor: cursor, by: fixture.acme.admin)
      found += page.elements
      cursor = page.next
    } while cursor != nil
    return found
  }

  /// Everything, each single condition, with bounds that are somebody's own moment, and pairs of them.
  private func filters(_ all: [PurgeCertificate]) -> [PurgeCertificateFilter] {
    var changes: [(inout PurgeCertificateFilter) -> Void] = [
      { $0.agent = AgentID("even") }, { $0.user = UserID("bob") }, { $0.cause = .expired },
      { $0.cause = .deleted }, { $0.agent = AgentID("nobody") },
    ]
    for one in [all[2], all[5]] {
      changes.append { $0.startedAfter = one.startedAt }
      changes.append { $0.startedBefore = one.startedAt }
      changes.append { $0.purgedAfter = one.purgedAt }
      changes.append { $0.purgedBefore = one.purgedAt }
    }
    return changes.flatMap { first in
      changes.map { second in
        var filter = PurgeCertificateFilter()
        first(&filter)
        second(&filter)
        return filter
      }
    }
  }

  private func lets(_ filter: PurgeCertificateFilter, _ one: PurgeCertificate) -> Bool {
    (filter.agent == nil || one.agent == filter.agent)
      && (filter.user == nil || one.user == filter.user)
      && (filter.cause == nil || one.cause == filter.cause)
      && filter.startedAfter.map { one.startedAt >= $0 } ?? true
      && filter.startedBefore.map { one.startedAt < $0 } ?? true
      && filter.purgedAfter.map { one.purgedAt >= $0 } ?? true
      && filter.purgedBefore.map { one.purgedAt < $0 } ?? true
  }

  @Test func eachConditionLetsThroughWhatItSays() async throws {
    try await Fixture.run { fixture in
      let all = try await furnish(fixture)
      #expect(all.count == 8 && Set(all.map(\.recording)).count == 8)
      #expect(all.map(\.purgedAt) == all.map(\.purgedAt).sorted(by: >))
      var sizes: Set<Int> = []
      for filter in filters(all) {
        let expected = Set(all.filter { lets(filter, $0) }.map(\.recording))
        let found = try await list(filter, fixture)
        #expect(found.count == expected.count && Set(found.map(\.recording)) == expected)
        let times = found.map { filter.order == .purged ? $0.purgedAt : $0.startedAt }
        #expect(times == times.sorted(by: >), "\(filter.details)")
        sizes.insert(found.count)
      }
      #expect(sizes.isSuperset(of: [0, 1, 2, 3, 4, 5]))
    }
  }
}
