// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Sums across sessions, one request for each filter and each grouping.
@Suite(.serialized, .exclusive)
struct RecoveryTotalsTests {
  private static let totals = "/api/recovery/statistics"

  /// Each takes twice as long as the one before, so that a sum says which attempts are in it.
  private static let attempts: [(session: String, body: String)] = [
    ("s-1", attempt(1, "fix", "E", "2026-01-01T00:00:00Z", agent: "a")),
    ("s-1", attempt(2, "retry", "E", "2026-01-02T00:00:00Z", agent: "b")),
    ("s-2", attempt(4, "retry", "F", "2026-01-02T23:59:59Z")),
    // In UTC it is the third.
    ("s-2", attempt(8, "fix", "F", "2026-01-02T23:30:00-01:00")),
    ("s-3", attempt(16, "fix", "G", "2026-01-01T12:00:00Z", agent: "b")),
    ("s-3", attempt(32, "rollback", "E", "2026-01-03T12:00:00Z", agent: "a")),
  ]

  private static func attempt(
    _ seconds: Int, _ strategy: String, _ errorType: String, _ timestamp: String,
    agent: String? = nil
  ) -> String {
    """
    {"error_type":"\(errorType)","strategy":"\(strategy)","success":true,"user_id":"ann",
     "duration_seconds":\(seconds),"timestamp":"\(timestamp)",
     "agent_id":\(agent.map { "\"\($0)\"" } ?? "null")}
    """
  }

  /// Sessions, attempts and seconds.
  private static func sums(_ value: JSONValue) -> [String] {
    ["total_sessions", "total_attempts", "total_duration_seconds"].map { value[$0]?.raw ?? "" }
  }

  /// Lends an admin and the user of all sessions, to whom the same is told, and when the second
  /// session was started.
  private static func withAttempts(
    _ body: (_ readers: [Client], _ start: String) async throws -> Void
  ) async throws {
    try await RecoveryFlowTests.withClients { recorder, ann, admin in
      for (session, attempt) in attempts {
        let answer = try await recorder.send(
          .post, "\(RecoveryFlowTests.sessions)/\(session)/attempts", json: attempt)
        #expect(answer.status == 201, "\(answer.text)")
      }
      let second = try await admin.send(.get, "\(RecoveryFlowTests.sessions)/s-2")
      try await body([ann, admin], try second.text("session_start"))
    }
  }

  @Test func eachFilterIsThatOfItsName() async throws {
    try await Self.withAttempts { readers, start in
      for (query, expected) in [
        ("", ["3", "6", "63.0"]),
        ("?agent_id=a", ["2", "2", "33.0"]), ("?agent_id=b", ["2", "2", "18.0"]),
        ("?strategy=fix", ["3", "3", "25.0"]), ("?strategy=retry", ["2", "2", "6.0"]),
        ("?error_type=E", ["2", "3", "35.0"]), ("?error_type=F", ["1", "2", "12.0"]),
        // The one that was started at this moment is one of those after it.
        ("?started_after=\(start)", ["2", "4", "60.0"]),
        ("?started_before=\(start)", ["1", "2", "3.0"]),
        ("?agent_id=a&error_type=E&started_after=\(start)", ["1", "1", "32.0"]),
        ("?strategy=fix&started_before=\(start)", ["1", "1", "1.0"]),
        // Words of the others' kinds.
        ("?agent_id=fix", ["0", "0", "0.0"]), ("?strategy=E", ["0", "0", "0.0"]),
        ("?error_type=a", ["0", "0", "0.0"]),
      ] {
        for reader in readers {
          let answer = try await reader.send(.get, Self.totals + query)
          #expect(answer.status == 200, "\(answer.text)")
          let found = try answer.json
          #expect(Self.sums(found) == expected, "\(query)")
          #expect(found["group_by"]?.isNull == true && found["groups"]?.raw == "[]")
        }
      }
    }
  }

  @Test func eachGroupingIsThatOfItsName() async throws {
    // In the order of the keys; attempts of no agent come last.
    let groupings = [
      ("agent", ["\"a\" 2 2 33.0", "\"b\" 2 2 18.0", "null 1 2 12.0"]),
      ("strategy", ["\"fix\" 3 3 25.0", "\"retry\" 2 2 6.0", "\"rollback\" 1 1 32.0"]),
      ("error_type", ["\"E\" 2 3 35.0", "\"F\" 1 2 12.0", "\"G\" 1 1 16.0"]),
      (
        "day",
        ["\"2026-01-01\" 2 2 17.0", "\"2026-01-02\" 2 2 6.0", "\"2026-01-03\" 2 2 40.0"]
      ),
    ]
    try await Self.withAttempts { readers, _ in
      for (grouping, expected) in groupings {
        for reader in readers {
          let answer = try await reader.send(.get, "\(Self.totals)?group_by=\(grouping)")
          #expect(answer.status == 200, "\(answer.text)")
          let found = try answer.json
          #expect(Self.sums(found) == ["3", "6", "63.0"])
          #expect(found["group_by"]?.raw == "\"\(grouping)\"")
          let groups = Array(try #require(found["groups"]).elements)
          let told = groups.map { group in
            ([group["key"]?.raw ?? ""] + Self.sums(group)).joined(separator: " ")
          }
          #expect(told == expected, "\(grouping)")
        }
      }
    }
  }

  /// A filter holds for the groups too.
  @Test func groupsAreOfWhatIsAskedFor() async throws {
    try await Self.withAttempts { readers, _ in
      for reader in readers {
        let found = try await reader.send(
          .get, "\(Self.totals)?group_by=day&agent_id=a&strategy=rollback"
        ).json
        let groups = Array(try #require(found["groups"]).elements)
        #expect(groups.map { $0["key"]?.raw } == [#""2026-01-03""#])
        #expect(groups.map(Self.sums) == [["1", "1", "32.0"]])
        #expect(Self.sums(found) == ["1", "1", "32.0"])
      }
    }
  }
}
