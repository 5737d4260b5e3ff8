// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Others are at a recording while it is deleted: each is done before, or told that it is gone.
@Suite(.serialized, .database)
struct DeletionRaceTests {
  /// Lets both begin while somebody has the recording's counters, so that they meet there, in this order.
  private func meet<First: Sendable, Second: Sendable>(
    at id: RecordingID, _ first: @escaping @Sendable () async throws -> First,
    _ second: @escaping @Sendable () async throws -> Second
  ) async throws -> (Result<First, any Error>, Result<Second, any Error>) {
    let holder = try await TestDatabase.current.connect(role: "postgres")
    _ = try await holder.execute(.begin)
    _ = try await holder.execute(
      Query(
        "select from hansard.recording_progress where recording_id = $1 for update", id.uuid))
    let one = Task { try await first() }
    try await waiting(1)
    let two = Task { try await second() }
    try await waiting(2)
    _ = try await holder.execute(.commit)
    await holder.close()
    return (await one.result, await two.result)
  }

  private func waiting(_ count: Int) async throws {
    try await eventually("\(count) who wait") {
      try await TestDatabase.current.psql(
        """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
        """) == "\(count)\n"
    }
  }

  private func code(_ result: Result<some Sendable, any Error>) -> DomainError.Code? {
    if case .failure(let error as DomainError) = result { error.code } else { nil }
  }

  enum Other: CaseIterable, Sendable {
    case flag, stop, hold, deletion

    func run(_ id: RecordingID, _ fixture: Fixture) async throws {
      let acme = fixture.acme
      switch self {
      case .flag: _ = try await fixture.recordings.flag(id, reason: .reason("x"), by: acme.ann)
      case .stop:
        _ = try await fixture.recordings.stop(id, status: .failed, summary: nil, by: acme.ann)
      case .hold:
        _ = try await fixture.hansard.holds.place(on: id, because: .reason("x"), by: acme.admin)
      case .deletion:
        _ = try await fixture.hansard.deletions.delete(
          id, because: .reason("x"), by: acme.admin)
      }
    }
  }

  /// The deletion is first.
  @Test(.timeLimit(.minutes(5)), arguments: Other.allCases)
  func whoeverComesAfterADeletionIsToldThatItIsGone(_ other: Other) async throws {
    try await Fixture.run { fixture in
      let id = try await fixture.stopped()
      let (deletion, second) = try await meet(at: id) {
        try await fixture.hansard.deletions.delete(
          id, because: .reason("x"), by: fixture.acme.admin)
      } _: {
        try await other.run(id, fixture)
      }
      #expect(self.code(deletion) == nil)
      #expect(self.code(second) == .recordingExpired)
      #expect(try await StoppedRecordings.rows(of: id) == StoppedRecordings.gone)
    }
  }

  /// The other one is first: what it does is done, and then the recording is deleted with it, or held.
  @Test(.timeLimit(.minutes(5)), arguments: [Other.flag, .hold])
  func whoeverIsFirstIsDone(_ other: Other) async throws {
    try await Fixture.run { fixture in
      let id = try await fixture.stopped()
      let (first, deletion) = try await meet(at: id) {
        try await other.run(id, fixture)
      } _: {
        try await fixture.hansard.deletions.delete(
          id, because: .reason("x"), by: fixture.acme.admin)
      }
      #expect(self.code(first) == nil)
      if other == .hold {
        #expect(self.code(deletion) == .recordingHeld)
        #expect(try await StoppedRecordings.rows(of: id) == StoppedRecordings.whole)
      } else {
        #expect(self.code(deletion) == nil)
        let certificate = try await fixture.hansard.certificates.find(id, by: fixture.acme.admin)
        #expect(certificate.wasReviewable)
      }
    }
  }

  /// Of two who approve, one does.
  @Test(.timeLimit(.minutes(5))) func oneOfTwoApproves() async throws {
    try await Fixture.run { fixture in
      let (acme, deletions) = (fixture.acme, fixture.hansard.deletions)
      let (max, eve) = (try await fixture.admin("max"), try await fixture.admin("eve"))
      let id = try await fixture.stopped()
      var terms = TenantPolicy.Terms(retentionDays: nil, reviewSamplePercent: 0)
      terms.fourEyes = true
      _ = try await fixture.hansard.policies.set(terms, replacing: 0, by: acme.admin)
      guard
        case .requested(let deletion) = try await deletions.delete(
          id, because: .reason("x"), by: try await fixture.admin("zoe"))
      else { throw TestSupportError("it was done at once") }
      let (first, second) = try await meet(at: id) {
        try await deletions.approve(deletion.id, by: max)
      } _: {
        try await deletions.approve(deletion.id, by: eve)
      }
      #expect(self.code(first) == nil && self.code(second) == .deletionDecided)
      let certificate = try await fixture.hansard.certificates.find(id, by: acme.admin)
      #expect(certificate.purgedBy == "user:max")
      #expect(try await deletions.find(deletion.id, by: acme.admin).decidedBy == "user:max")
    }
  }

  /// Who refuses while another approves: one of them.
  @Test(.timeLimit(.minutes(5))) func whoRefusesFirstHasRefused() async throws {
    try await Fixture.run { fixture in
      let (acme, deletions) = (fixture.acme, fixture.hansard.deletions)
      let max = try await fixture.admin("max")
      let id = try await fixture.stopped()
      var terms = TenantPolicy.Terms(retentionDays: nil, reviewSamplePercent: 0)
      terms.fourEyes = true
      _ = try await fixture.hansard.policies.set(terms, replacing: 0, by: acme.admin)
      guard
        case .requested(let deletion) = try await deletions.delete(
          id, because: .reason("x"), by: try await fixture.admin("zoe"))
      else { throw TestSupportError("it was done at once") }
      let holder = try await TestDatabase.current.connect(role: "postgres")
      _ = try await holder.execute(.begin)
      _ = try await holder.execute(
        Query(
          "select from hansard.recording_progress where recording_id = $1 for update", id.uuid))
      let approval = Task { try await deletions.approve(deletion.id, by: max) }
      try await waiting(1)
      // It takes no lock of the recording's.
      _ = try await deletions.refuse(deletion.id, because: .reason("x"), by: max)
      _ = try await holder.execute(.commit)
      await holder.close()
      #expect(self.code(await approval.result) == .deletionDecided)
      #expect(try await StoppedRecordings.rows(of: id) == StoppedRecordings.whole)
      #expect(try await deletions.find(deletion.id, by: acme.admin).state == .refused)
    }
  }
}
