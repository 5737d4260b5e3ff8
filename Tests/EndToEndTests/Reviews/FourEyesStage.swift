// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// A tenant whose policy wants four eyes, and three reviewers.
struct FourEyesStage: Sendable {
  let stage: ReviewStage
  let tess: Client

  var admin: Client { stage.admin }
  var rita: Client { stage.rita }
  var rosa: Client { stage.rosa }

  static func with(_ name: String, _ body: (FourEyesStage) async throws -> Void) async throws {
    try await ReviewStage.with(name) { stage in
      let tess = try await stage.tenant.makeKey(.init("reviewer", user: "tess")).text
      let made = FourEyesStage(stage: stage, tess: stage.client(tess))
      #expect(try await made.set(fourEyes: true) == 1)
      try await body(made)
    }
  }

  /// A client with a key of its own.
  func client(_ draft: Tenant.Draft) async throws -> Client {
    stage.client(try await stage.tenant.makeKey(draft).text)
  }

  /// Sets the policy and returns its version.
  func set(fourEyes: Bool) async throws -> Int64 {
    let path = "/api/governance/policy"
    let tag = try #require(try await admin.send(.get, path).headers["etag"].first)
    let answer = try await admin.send(
      .put, path, json: "{\"four_eyes\":\(fourEyes)}", headers: [("If-Match", tag)])
    #expect(answer.status == 200, "\(answer.text)")
    return try #require(try answer.json["version"]?.integer())
  }

  /// The path of a review of alice's recording.
  func flagged() async throws -> String {
    "\(ReviewStage.reviews)/\(try await stage.id(of: stage.record(flagged: true)))"
  }

  /// Claims and decides.
  func judge(_ item: String, _ verdict: String, by reviewer: Client) async throws -> Answer {
    let claimed = try await reviewer.send(.post, "\(item)/claim")
    #expect(claimed.status == 200, "\(claimed.text)")
    let decided = try await decide(item, verdict, by: reviewer)
    #expect(decided.status == 200, "\(decided.text)")
    return decided
  }

  func decide(_ item: String, _ verdict: String, by reviewer: Client) async throws -> Answer {
    try await reviewer.send(
      .post, "\(item)/decide", json: "{\"review_status\":\"\(verdict)\"}")
  }

  /// Approves whatever the queue has for a reviewer, until as many as there are have been decided.
  func judgeAll(_ count: Int, by reviewer: Client) async throws {
    let decidedOnes = "\(ReviewStage.reviews)?state=decided&limit=500"
    while true {
      let claimed = try await reviewer.send(.post, "\(ReviewStage.reviews)/claim")
      if claimed.status == 503 { continue }
      guard claimed.text != "null" else {
        // Nothing for this one at the moment; what others have may still come back.
        if try await admin.send(.get, decidedOnes).json.elements.count == count { return }
        continue
      }
      let item = "\(ReviewStage.reviews)/\(try claimed.text("review_id"))"
      var decided = try await decide(item, "approved", by: reviewer)
      while decided.status == 503 { decided = try await decide(item, "approved", by: reviewer) }
      #expect(decided.status == 200, "\(decided.text)")
    }
  }

  /// The verdicts in a review's history: kind, reviewer, verdict.
  func verdicts(_ item: String) async throws -> [String] {
    let history = try #require(try await admin.send(.get, item).json["history"])
    return try history.elements.compactMap { entry in
      guard let verdict = try entry["review_status"]?.text() else { return nil }
      return "\(try entry["kind"]?.text() ?? "") \(try entry["actor"]?.text() ?? "") \(verdict)"
    }
  }
}
