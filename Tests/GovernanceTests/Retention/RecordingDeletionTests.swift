// Hansard
// SPDX-License-Identifier: Apache-2.0

import Ledger
import Postgres
import TestSupport
import Testing

@testable import Governance

/// Admins delete recordings before they expire; where four eyes are wanted, two of them.
@Suite(.serialized, .database)
struct RecordingDeletionTests {
  private func wantFourEyes(_ fixture: Fixture, _ fourEyes: Bool = true) async throws {
    let acme = fixture.acme
    let version = try await fixture.hansard.policies.find(by: acme.admin).version
    var terms = TenantPolicy.Terms(retentionDays: nil, reviewSamplePercent: 0)
    terms.fourEyes = fourEyes
    _ = try await fixture.hansard.policies.set(terms, replacing: version, by: acme.admin)
  }

  /// Has a deletion asked for.
  private func request(
    _ id: RecordingID, by caller: Caller, _ fixture: Fixture
  ) async throws -> RecordingDeletion {
    let outcome = try await fixture.hansard.deletions.delete(
      id, because: .reason("asked for"), by: caller)
    guard case .requested(let deletion) = outcome else {
      throw TestSupportError("it was done at once")
    }
    return deletion
  }

  /// Why an approval is refused.
  private func approval(
    of deletion: RecordingDeletion, by caller: Caller, _ fixture: Fixture
  ) async throws -> DomainError.Code {
    try await refusal { try await fixture.hansard.deletions.approve(deletion.id, by: caller) }
  }

  @Test func whatIsDeletedLeavesACertificate() async throws {
    try await Fixture.run { fixture in
      let acme = fixture.acme
      let id = try await fixture.recordings.started(by: acme, session: "s")
      var tree = MerkleTree()
      for number in 0..<5 {
        let receipt = try await fixture.recordings.appendOne(
          .of("{\"n\":\(number)}"), to: id, by: acme.recorder)
        try tree.append(receipt.leafHash)
      }
      let stopped = try await fixture.recordings.stop(
        id, status: .failed, summary: nil, by: acme.recorder)
      let outcome = try await fixture.hansard.deletions.delete(
        id, because: .reason("asked for"), by: acme.admin)
      guard case .deleted(let certificate) = outcome else {
        throw TestSupportError("it was only asked for")
      }
      #expect(try await StoppedRecordings.rows(of: id) == StoppedRecordings.gone)
      #expect(try certificate.root == tree.root())
      #expect(certificate.recording == id && certificate.eventCount == 5)
      #expect(certificate.agent.rawValue == "bot" && certificate.user.rawValue == "ann")
      #expect(certificate.session?.rawValue == "s" && certificate.canvas == nil)
      #expect(certificate.status == .failed && certificate.startedAt == stopped.startedAt)
      #expect(certificate.stoppedAt == stopped.stoppedAt)
      #expect(certificate.expiredAt == stopped.expiresAt)
      #expect(certificate.cause == .deleted && certificate.reason == "asked for")
      #expect(certificate.requestedBy == acme.admin.principal.actor)
      #expect(certificate.purgedBy == acme.admin.principal.actor && certificate.policyVersion == 0)
      // Failed recordings are reviewed.
      #expect(certificate.wasReviewable && certificate.review != nil && certificate.verdict == nil)
      let lines = try await TestDatabase.current.psql(
        """
        select action, outcome, recording_id = '\(id)', agent_id, user_id, audit_metadata ->> 'reason',
          audit_metadata ->> 'events'
        from hansard.canvas_audit where action = 'delete_recording'
        """)
      #expect(lines == "delete_recording|allowed|t|bot|ann|asked for|5\n")
    }
  }

  @Test func whatIsOpenHeldOrRetainedIsNotDeleted() async throws {
    try await Fixture.run { fixture in
      let (acme, deletions) = (fixture.acme, fixture.hansard.deletions)
      let id = try await fixture.recordings.started(by: acme)
      func code() async throws -> DomainError.Code {
        try await refusal { try await deletions.delete(id, because: .reason("x"), by: acme.admin) }
      }
      #expect(try await code() == .recordingOpen)
      _ = try await fixture.recordings.stop(id, status: .completed, summary: nil, by: acme.admin)
      let hold = try await fixture.hansard.holds.place(
        on: id, because: .reason("x"), by: acme.admin)
      #expect(try await code() == .recordingHeld)
      _ = try await fixture.hansard.holds.lift(hold.id, because: .reason("x"), by: acme.admin)
      try await TestDatabase.current.psql(
        """
        update hansard.canvas_recordings
        set retain_until = '2099-01-02T00:00:00Z', expires_at = '2099-01-03'
        """)
      let retained = try await domainError {
        try await deletions.delete(id, because: .reason("x"), by: acme.admin)
      }
      #expect(retained.code == .recordingRetained)
      #expect(retained.message.contains("2099-01-02T00:00:00"))
      #expect(try await StoppedRecordings.rows(of: id) == StoppedRecordings.whole)
      for caller in [acme.recorder, acme.ann, acme.reviewer, acme.auditor] {
        let code = try await refusal {
          try await deletions.delete(id, because: .reason("x"), by: caller)
        }
        #expect(code == .forbidden)
      }
      let stranger = try await refusal {
        try await deletions.delete(id, because: .reason("x"), by: fixture.globex.admin)
      }
      #expect(stranger == .notFound)
      let lines = try await TestDatabase.current.psql(
        """
        select count(*) from hansard.canvas_audit
        where action = 'delete_recording' and outcome = 'refused'
        """)
      #expect(lines == "8\n")
    }
  }

  @Test func underFourEyesAnotherAdminApproves() async throws {
    try await Fixture.run { fixture in
      let (acme, deletions) = (fixture.acme, fixture.hansard.deletions)
      let (zoe, max) = (try await fixture.admin("zoe"), try await fixture.admin("max"))
      let id = try await fixture.stopped()
      try await wantFourEyes(fixture)
      // A key that is nobody's could be anybody's.
      let nobody = try await refusal {
        try await deletions.delete(id, because: .reason("x"), by: acme.admin)
      }
      #expect(nobody == .forbidden)
      let deletion = try await request(id, by: zoe, fixture)
      #expect(deletion.state == .pending && deletion.requestedBy == "user:zoe")
      let twice = try await refusal {
        try await deletions.delete(id, because: .reason("x"), by: max)
      }
      #expect(twice == .deletionPending)
      // Another key of the same person is not another person.
      let alsoZoe = try await fixture.admin("zoe")
      for caller in [zoe, alsoZoe, acme.admin, acme.auditor] {
        #expect(try await self.approval(of: deletion, by: caller, fixture) == .forbidden)
      }
      let foreign = try await refusal {
        try await deletions.approve(deletion.id, by: fixture.globex.admin)
      }
      #expect(foreign == .notFound)
      #expect(try await StoppedRecordings.rows(of: id) == StoppedRecordings.whole)
      let certificate = try await deletions.approve(deletion.id, by: max)
      #expect(certificate.requestedBy == "user:zoe" && certificate.purgedBy == "user:max")
      #expect(certificate.reason == "asked for" && certificate.policyVersion == 1)
      #expect(try await StoppedRecordings.rows(of: id) == StoppedRecordings.gone)
      let decided = try await deletions.find(deletion.id, by: acme.auditor)
      #expect(decided.state == .approved && decided.decidedBy == "user:max")
      #expect(try await self.approval(of: deletion, by: max, fixture) == .deletionDecided)
    }
  }

  @Test func aRequestIsRefusedOrWithdrawn() async throws {
    try await Fixture.run { fixture in
      let (acme, deletions) = (fixture.acme, fixture.hansard.deletions)
      let (zoe, max) = (try await fixture.admin("zoe"), try await fixture.admin("max"))
      let id = try await fixture.stopped()
      try await wantFourEyes(fixture)
      var found: [DeletionID] = []
      for caller in [zoe, max] {
        let deletion = try await request(id, by: zoe, fixture)
        found.append(deletion.id)
        let refused = try await deletions.refuse(
          deletion.id, because: .reason("still needed"), by: caller)
        #expect(refused.state == .refused && refused.refusalReason == "still needed")
        #expect(refused.decidedBy == caller.principal.actor)
        #expect(try await self.approval(of: deletion, by: max, fixture) == .deletionDecided)
        let again = try await refusal {
          try await deletions.refuse(deletion.id, because: .reason("x"), by: caller)
        }
        #expect(again == .deletionDecided)
      }
      found.append(try await request(id, by: zoe, fixture).id)
      #expect(try await StoppedRecordings.rows(of: id) == StoppedRecordings.whole)
      let first = try await deletions.list(
        nil, limit: try #require(PageLimit(2)), cursor: nil, by: acme.auditor)
      let rest = try await deletions.list(
        nil, limit: try #require(PageLimit(2)), cursor: first.next, by: acme.auditor)
      #expect((first.elements + rest.elements).map(\.id) == Array(found.reversed()))
      let pending = try await deletions.list(
        .pending, limit: .standard, cursor: nil, by: acme.auditor)
      #expect(pending.elements.map(\.id) == [found[2]])
    }
  }

  /// What forbids a deletion is asked again when it is approved.
  @Test func whatIsHeldMeanwhileIsNotApproved() async throws {
    try await Fixture.run { fixture in
      let (acme, deletions) = (fixture.acme, fixture.hansard.deletions)
      let (zoe, max) = (try await fixture.admin("zoe"), try await fixture.admin("max"))
      let id = try await fixture.stopped()
      try await wantFourEyes(fixture)
      let deletion = try await request(id, by: zoe, fixture)
      let hold = try await fixture.hansard.holds.place(
        on: id, because: .reason("x"), by: acme.admin)
      #expect(try await self.approval(of: deletion, by: max, fixture) == .recordingHeld)
      _ = try await fixture.hansard.holds.lift(hold.id, because: .reason("x"), by: acme.admin)
      // What expires meanwhile is purged, and nobody has to approve it any more.
      try await StoppedRecordings.expire(id)
      #expect(try await StoppedRecordings.purge(id, of: acme.tenant))
      #expect(try await deletions.find(deletion.id, by: acme.auditor).state == .overtaken)
      #expect(try await self.approval(of: deletion, by: max, fixture) == .deletionDecided)
    }
  }

  /// Asked for under four eyes, and deleted by one when they are wanted no more.
  @Test func whatWaitsIsOvertakenByADeletion() async throws {
    try await Fixture.run { fixture in
      let (acme, deletions) = (fixture.acme, fixture.hansard.deletions)
      let id = try await fixture.stopped(events: 0)
      try await wantFourEyes(fixture)
      let deletion = try await request(id, by: try await fixture.admin("zoe"), fixture)
      try await wantFourEyes(fixture, false)
      guard
        case .deleted(let certificate) = try await deletions.delete(
          id, because: .reason("x"), by: acme.admin)
      else { throw TestSupportError("it was only asked for") }
      #expect(try certificate.root == MerkleTree().root())
      #expect(try await deletions.find(deletion.id, by: acme.auditor).state == .overtaken)
    }
  }
}
