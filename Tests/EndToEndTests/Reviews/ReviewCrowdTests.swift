// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

/// Many reviewers take all of a long queue.
@Suite(.serialized, .exclusive)
struct ReviewCrowdTests {
  private static let reviewers = 50

  /// Lets `count` of them take one after the other until there is none; returns whatever anybody took.
  private func crowd(
    of count: Int, _ take: @escaping @Sendable (_ reviewer: Int) async throws -> String?
  ) async throws -> [String] {
    try await withThrowingTaskGroup(of: [String].self) { group in
      for reviewer in 0..<count {
        group.addTask {
          var taken: [String] = []
          while let next = try await take(reviewer) { taken.append(next) }
          return taken
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  private func withQueue(
    _ items: Int, _ body: (ReviewStage) async throws -> Void
  ) async throws {
    try await ReviewStage.with("review crowd") { stage in
      _ = try await stage.record(flagged: true)
      try await RecordingCopies(tenant: stage.tenant, count: items).makeReviewed()
      try await body(stage)
    }
  }

  /// Keys of fifty users.
  private func keys(_ stage: ReviewStage) async throws -> [String] {
    var keys: [String] = []
    for reviewer in 0..<Self.reviewers {
      let draft = #"{"role":"reviewer","user_id":"reviewer-\#(reviewer)"}"#
      let made = try await stage.admin.send(.post, "/api/governance/keys", json: draft)
      keys.append(try made.text("key"))
    }
    return keys
  }

  /// Fifty users on two instances.
  @Test(.timeLimit(.minutes(6))) func fiftyReviewersNeverTakeOneTwice() async throws {
    let items = 10_000
    try await withQueue(items) { stage in
      let keys = try await keys(stage)
      try await stage.deployment.withService { twin in
        let clients = keys.enumerated().map { index, key in
          index.isMultiple(of: 2) ? stage.client(key) : twin.client(key)
        }
        let claimed = try await crowd(of: Self.reviewers) { reviewer in
          while true {
            let answer = try await clients[reviewer].send(
              .post, "\(ReviewStage.reviews)/claim", within: .seconds(60))
            if answer.status == 503 { continue }
            return answer.text == "null" ? nil : try answer.text("review_id")
          }
        }
        #expect(claimed.count == items)
        #expect(Set(claimed).count == items)
        // Nobody went without.
        let users: Int64 = try await stage.deployment.value(
          """
          select count(distinct claimed_by) from hansard.reviews
          where tenant_id = '\(stage.tenant.id)' and state = 'claimed'
          """)
        #expect(users == Int64(Self.reviewers))
      }
    }
  }

  /// The planted defect: who looks for the next one and takes it without a lock takes what others take.
  @Test func withoutALockTheSameIsTakenTwice() async throws {
    try await withQueue(200) { stage in
      let claimed = try await crowd(of: 8) { reviewer in
        try await stage.deployment.withDatabase { connection in
          try await Self.takeCarelessly(stage.tenant, reviewer, connection)
        }
      }
      #expect(claimed.count > Set(claimed).count)
      #expect(Set(claimed).count == 200)
    }
  }

  private static func takeCarelessly(
    _ tenant: Tenant, _ reviewer: Int, _ connection: PostgresConnection
  ) async throws -> String? {
    let next = try await connection.execute(
      Query(
        """
        select review_id::text
        from hansard.reviews
        where tenant_id = ($1::text)::uuid
          and state = 'open'
        order by due_at, review_id
        limit 1
        """, tenant.id))
    guard let id = try next.first?.decode(0, as: String.self) else { return nil }
    _ = try await connection.execute(
      Query(
        """
        update hansard.reviews
        set state = 'claimed', claimed_by = $3, claimed_until = now() + interval '1 hour'
        where tenant_id = ($1::text)::uuid
          and review_id = ($2::text)::uuid
        """, tenant.id, id, "user:reviewer-\(reviewer)"))
    return id
  }
}
