// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Postgres

/// Where the review of a recording stands.
package struct Review: Sendable {
  /// Why it was opened first.
  package enum Source: String, Sendable, CaseIterable {
    /// Somebody flagged the recording.
    case flag
    /// An event says that there was an error.
    case error
    /// The recording failed.
    case failure
    /// An event says that a permission was denied.
    case denial
    /// The agent's status became `autonomous` not many recordings ago.
    case autonomy
    /// It was drawn at random, as often as the tenant's policy says.
    case sample
  }

  /// What can be done with it.
  package enum State: String, Sendable, CaseIterable {
    /// It waits; also when a lease has ended.
    case open
    /// Somebody has given a verdict, and somebody else has to give the same.
    case awaitingSecond = "awaiting_second"
    case claimed
    case decided
    /// It was decided, and the recording has changed since.
    case stale
  }

  /// What was decided (**seed** `review_status`).
  package enum Verdict: String, Sendable, CaseIterable {
    case approved
    case rejected
    case needsChanges = "needs_changes"
  }

  package var id: ReviewID
  package var recording: RecordingID
  package var agent: AgentID
  package var owner: UserID
  package var source: Source
  package var state: State
  package var openedAt: Timestamp
  package var dueAt: Timestamp
  package var claimedBy: String?
  package var claimedUntil: Timestamp?
  package var verdict: Verdict?
  package var decidedBy: String?
  package var decidedAt: Timestamp?
  /// How many events were decided on, and the Merkle root over them, 32 bytes.
  package var decidedEventCount: Int64?
  package var decidedRoot: [UInt8]?
  /// The verdicts that were given on what there is now, or was when it was decided, before another
  /// reviewer gave one of them too.
  package var proposals: [Proposal]

  /// A verdict that does not hold by itself.
  package struct Proposal: Sendable, Equatable {
    package var by: String
    package var verdict: Verdict
  }
}

/// A line of a review's history.
package struct ReviewEntry: Sendable {
  /// What happened.
  package enum Kind: String, Sendable {
    case opened, claimed, released, commented, decided, reopened
    /// A verdict that does not hold by itself.
    case proposed
  }

  package var kind: Kind
  package var actor: String
  package var occurredAt: Timestamp
  /// A comment, or why it was opened, or opened again.
  package var note: String?
  /// What was decided on: how many events, and the Merkle root over them.
  package var eventCount: Int64?
  package var root: [UInt8]?
  package var decision: Decision?
}

/// What a reviewer found (**seed** names).
package struct Decision: Sendable {
  package var verdict: Review.Verdict
  package var ratings: Ratings
  package var feedback: String?
  package var identifiedIssues: [String]
  package var positivePatterns: [String]
  package var lessonsLearned: String?
  package var governanceNotes: String?

  /// Marks from 1 to 5.
  package struct Ratings: Sendable {
    package var overall: Int?
    package var performance: Int?
    package var safety: Int?

    /// Creates marks.
    package init(overall: Int?, performance: Int?, safety: Int?) {
      self.overall = overall
      self.performance = performance
      self.safety = safety
    }
  }

  /// Creates a decision.
  package init(
    verdict: Review.Verdict, ratings: Ratings, feedback: String?, identifiedIssues: [String],
    positivePatterns: [String], lessonsLearned: String?, governanceNotes: String?
  ) {
    self.verdict = verdict
    self.ratings = ratings
    self.feedback = feedback
    self.identifiedIssues = identifiedIssues
    self.positivePatterns = positivePatterns
    self.lessonsLearned = lessonsLearned
    self.governanceNotes = governanceNotes
  }

  /// The longest text, in bytes.
  package static let maximumTextBytes = 8000
  /// The longest comment, in bytes.
  package static let maximumNoteBytes = 4000
  /// The most issues, and the most patterns.
  package static let maximumWords = 32
}

/// A place in the queue: behind this due date and id.
struct ReviewPlace: Sendable {
  let dueAt: Timestamp
  let id: ReviewID

  init(_ review: Review) {
    dueAt = review.dueAt
    id = review.id
  }

  init(_ cursor: Cursor, of tenant: TenantID) throws(DomainError) {
    let bytes = try CursorBytes.read(cursor, .review, tenant, count: 24)
    dueAt = try CursorBytes.moment(bytes[..<8])
    id = ReviewID(UUID(sixteenBytes: bytes[8...]))
  }

  func cursor(of tenant: TenantID) -> Cursor {
    CursorBytes.make(.review, tenant, [dueAt.microseconds.bytes, id.uuid.bytes])
  }
}
