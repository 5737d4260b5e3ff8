// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/governance/reviews`, and what they add up to for an agent.
struct ReviewRoutes: Sendable {
  static let prefix = "/api/governance/reviews"

  let reviews: Reviews

  /// All of them.
  var routes: [Route] {
    let item = "\(Self.prefix)/{id}"
    return [
      Route(.get, Self.prefix, .readReviews, query: ["state", "limit", "cursor"], handler: list),
      Route(.get, item, .readReviews, handler: find),
      Route(
        .get, "\(AgentRoutes.prefix)/{id}/review-metrics", .readReviewMetrics, query: ["days"],
        handler: metrics),
      Route(
        .post, "\(Self.prefix)/claim", .claimReview, body: .optionalCommand, handler: claimNext),
      Route(.post, "\(item)/claim", .claimReview, body: .optionalCommand, handler: claim),
      Route(.post, "\(item)/release", .releaseReview, handler: release),
      Route(.post, "\(item)/comment", .commentReview, body: .command, handler: comment),
      Route(.post, "\(item)/decide", .decideReview, body: .command, handler: decide),
      Route(.post, "\(item)/reopen", .reopenReview, body: .command, handler: reopen),
    ]
  }

  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    let state: Review.State? = query.read("state", as: .word())
    let limit = query.limit()
    let cursor = query.read("cursor", as: .cursor)
    try query.finish()
    let page = try await reviews.list(state, limit: limit, cursor: cursor, by: caller)
    return Reply(fields: exchange.link(to: page.next)) { writer in
      writer.array { writer in
        for review in page.elements { writer.object { $0.members(of: review) } }
      }
    }
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let (review, history) = try await reviews.find(id(exchange), by: caller)
    return Reply { writer in
      writer.object { writer in
        writer.members(of: review)
        writer.key("history")
        writer.array { writer in
          for entry in history { writer.entry(entry) }
        }
      }
    }
  }

  /// The longest time to look back, in days.
  private static let maximumDays: Int64 = 3650

  private func metrics(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id: AgentID = try exchange.pathID(
      as: .callerID(), orThrow: DomainError(.notFound, "There is no such agent."))
    var query = exchange.query
    let days = query.count("days") ?? 30
    if !(1...Self.maximumDays).contains(days) {
      query.note("days", .badValue, "It must be a whole number from 1 to \(Self.maximumDays).")
    }
    try query.finish()
    let metrics = try await reviews.metrics(of: id, days: Int(days), by: caller)
    return Reply { $0.metrics(metrics, of: id, days: days) }
  }

  /// The one that is due first; `null` where there is none.
  private func claimNext(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let lease = try ReviewBodies.lease(exchange.body)
    return try await exchange.once(caller) { caller in
      try await reviews.claimNext(for: lease, by: caller)
    } reply: { review in
      review.map(Self.shown) ?? Reply { $0.null() }
    }
  }

  private func claim(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let lease = try ReviewBodies.lease(exchange.body)
    return try await change(exchange, caller) { id, caller in
      try await reviews.claim(id, for: lease, by: caller)
    }
  }

  private func release(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    try await change(exchange, caller) { id, caller in
      try await reviews.release(id, by: caller)
    }
  }

  private func comment(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let text = try ReviewBodies.note("comment", exchange.body)
    return try await change(exchange, caller) { id, caller in
      try await reviews.comment(text, on: id, by: caller)
    }
  }

  private func decide(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let (decision, events) = try ReviewBodies.decision(exchange.body)
    return try await change(exchange, caller) { id, caller in
      try await reviews.decide(id, decision, seen: events, by: caller)
    }
  }

  private func reopen(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let reason = try ReviewBodies.note("reason", exchange.body)
    return try await change(exchange, caller) { id, caller in
      try await reviews.reopen(id, because: reason, by: caller)
    }
  }

  private func change(
    _ exchange: Exchange, _ caller: Caller,
    _ body: (ReviewID, Caller) async throws -> Review
  ) async throws -> Reply {
    let id = try id(exchange)
    return try await exchange.once(caller) { caller in
      try await body(id, caller)
    } reply: {
      Self.shown($0)
    }
  }

  private func id(_ exchange: Exchange) throws -> ReviewID {
    try exchange.pathID(
      as: .serverID(), orThrow: DomainError(.notFound, "There is no such review."))
  }

  private static func shown(_ review: Review) -> Reply {
    Reply { writer in
      writer.object { $0.members(of: review) }
    }
  }
}

extension JSONWriter {
  /// The members of a review; the object around them is the caller's.
  fileprivate mutating func members(of review: Review) {
    member("review_id", review.id)
    member("recording_id", review.recording)
    member("agent_id", review.agent.rawValue)
    member("user_id", review.owner.rawValue)
    member("source", review.source.rawValue)
    member("state", review.state.rawValue)
    member("opened_at", review.openedAt)
    member("due_at", review.dueAt)
    member("claimed_by", review.claimedBy)
    member("claimed_until", review.claimedUntil)
    member("review_status", review.verdict?.rawValue ?? "pending")
    member("reviewed_by", review.decidedBy)
    member("reviewed_at", review.decidedAt)
    key("event_count")
    int(review.decidedEventCount)
    member("merkle_root", review.decidedRoot.map { Hexadecimal.text(of: $0) })
    key("proposals")
    array { writer in
      for proposal in review.proposals {
        writer.object { writer in
          writer.member("reviewed_by", proposal.by)
          writer.member("review_status", proposal.verdict.rawValue)
        }
      }
    }
  }

  fileprivate mutating func metrics(_ metrics: ReviewMetrics, of agent: AgentID, days: Int64) {
    object { writer in
      writer.member("agent_id", agent.rawValue)
      writer.key("days")
      writer.int(days)
      writer.key("total_reviews")
      writer.int(metrics.total)
      writer.key("approval_rate")
      writer.double(metrics.approvalRate)
      writer.key("average_rating")
      writer.double(metrics.averageRating)
      writer.findings("common_issues", metrics.commonIssues)
      writer.findings("strengths", metrics.strengths)
      writer.member("status", metrics.status.rawValue)
      writer.member("suggested_status", metrics.suggestedStatus?.rawValue)
    }
  }

  private mutating func findings(_ name: String, _ findings: [ReviewMetrics.Finding]) {
    key(name)
    array { writer in
      for finding in findings {
        writer.object { writer in
          writer.member("text", finding.text)
          writer.key("count")
          writer.int(finding.count)
        }
      }
    }
  }

  /// A line of a review's history.
  fileprivate mutating func entry(_ entry: ReviewEntry) {
    object { writer in
      writer.member("kind", entry.kind.rawValue)
      writer.member("actor", entry.actor)
      writer.member("occurred_at", entry.occurredAt)
      writer.member("note", entry.note)
      guard let decision = entry.decision else { return }
      writer.key("event_count")
      writer.int(entry.eventCount)
      writer.member("merkle_root", entry.root.map { Hexadecimal.text(of: $0) })
      writer.members(of: decision)
    }
  }

  private mutating func members(of decision: Decision) {
    member("review_status", decision.verdict.rawValue)
    key("overall_rating")
    int(decision.ratings.overall)
    key("performance_rating")
    int(decision.ratings.performance)
    key("safety_rating")
    int(decision.ratings.safety)
    member("feedback", decision.feedback)
    member("identified_issues", decision.identifiedIssues)
    member("positive_patterns", decision.positivePatterns)
    member("lessons_learned", decision.lessonsLearned)
    member("governance_notes", decision.governanceNotes)
  }
}
