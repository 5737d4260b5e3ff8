// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// How fast a tenant and its keys may ask, on the real service.
@Suite(.serialized, .exclusive)
struct RateLimitTests {
  /// A tenant with keys, one per name, each an admin's.
  private func withStage(
    _ name: String, keys names: [String],
    _ body: (Service, [String: Client], Tenant) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant(name)
    let drafts = Dictionary(
      uniqueKeysWithValues: names.map { ($0, Tenant.Draft("admin", user: "alice")) })
    let keys = try await tenant.makeKeys(drafts)
    try await deployment.withService { service in
      try await body(service, keys.mapValues { service.client($0.text) }, tenant)
    }
  }

  /// Lists once; the list is what is counted here.
  private func ask(_ client: Client?) async throws -> Answer {
    guard let client else { throw TestSupportError("no such client") }
    return try await client.send(.get, Paths.recordings)
  }

  /// One comes back each minute: none within a test.
  private static let narrow =
    #"{"tenant":{"requests_per_minute":1,"burst":5},"key":{"requests_per_minute":1,"burst":3}}"#

  @Test func theLimitIsToldAndHeld() async throws {
    try await withStage("rates", keys: ["greedy", "modest", "boss"]) { service, clients, _ in
      let boss = try #require(clients["boss"])
      try await boss.limit(rates: Self.narrow)
      let answers = try await asks(clients["greedy"], 4)
      #expect(answers.map(\.status) == [200, 200, 200, 429])
      #expect(answers.map { $0.left("key") } == [2, 1, 0, 0])
      #expect(answers.map { $0.left("tenant") } == [4, 3, 2, 2])
      for answer in answers {
        let policy = [#""tenant";q=1;w=60, "key";q=1;w=60"#]
        #expect(answer.headers["ratelimit-policy"] == policy)
      }
      let refused = answers[3]
      #expect(refused.code == "rate_limited")
      let wait = try #require(refused.headers["retry-after"].first.flatMap { Int($0) })
      #expect((1...60).contains(wait))
      #expect(refused.headers["ratelimit"].first?.hasSuffix(#""key";r=0;t=\#(wait)"#) == true)
      // Another key of the tenant has what is left of the tenant's.
      let modest = try await asks(clients["modest"], 3)
      #expect(modest.map(\.status) == [200, 200, 429])
      #expect(modest.map { $0.left("tenant") } == [1, 0, 0])
      #expect(modest[2].left("key") == 1)
      try await expectNoTrace(of: boss, service)
    }
  }

  /// In the metrics, and not in the audit log, which nobody is to fill by being refused.
  private func expectNoTrace(of boss: Client, _ service: Service) async throws {
    let metrics = try await boss.send(.get, "/metrics")
    #expect(metrics.status == 200 && metrics.headers["ratelimit"].isEmpty)
    #expect(metrics.text.contains("hansard_requests_rate_limited_total 2\n"))
    #expect(metrics.text.contains("status=\"429\"} 2\n"))
    try await boss.limit(rates: "{}")
    let refusals = try await boss.send(.get, "/api/governance/audit?outcome=refused")
    #expect(refusals.text == "[]" && refusals.headers["ratelimit-policy"].isEmpty)
    let changes = try await boss.send(.get, "/api/governance/audit?action=set_policy&limit=1")
    let change = try changes.json.elements.first { _ in true }?["audit_metadata"]
    let before = "tenant 1 a minute, 5 at once; key 1 a minute, 3 at once"
    #expect(try change?["limits_before"]?.text() == before)
    #expect(try change?["limits_after"]?.text() == "none")
  }

  private func asks(_ client: Client?, _ count: Int) async throws -> [Answer] {
    var answers: [Answer] = []
    for _ in 0..<count { answers.append(try await ask(client)) }
    return answers
  }

  @Test(arguments: [1, 2, 10])
  func oneLessIsAllowedAndOneMoreIsNot(limit: Int) async throws {
    try await withStage("rates at the edge", keys: ["one"]) { _, clients, _ in
      let client = try #require(clients["one"])
      try await client.limit(rates: #"{"key":{"requests_per_minute":1,"burst":\#(limit)}}"#)
      let statuses = try await asks(client, limit + 1).map(\.status)
      #expect(statuses == Array(repeating: 200, count: limit) + [429])
    }
  }

  /// Who is limited reaches the policy all the same, and the limit is gone at once.
  @Test func aLimitCanBeLiftedByWhoIsUnderIt() async throws {
    try await withStage("rates lifted", keys: ["one"]) { _, clients, _ in
      let client = try #require(clients["one"])
      try await client.limit(rates: #"{"tenant":{"requests_per_minute":1}}"#)
      #expect(try await asks(client, 2).map(\.status) == [200, 429])
      try await client.limit(rates: "{}")
      let free = try await asks(client, 20)
      #expect(free.allSatisfy { $0.status == 200 && $0.headers["ratelimit"].isEmpty })
    }
  }

  @Test func otherTenantsAreNotHarmed() async throws {
    let other = try await Deployment.shared().makeTenant("rates elsewhere")
    let key = try await other.makeKey(.init("auditor")).text
    try await withStage("rates here", keys: ["one"]) { service, clients, _ in
      let client = try #require(clients["one"])
      try await client.limit(rates: #"{"tenant":{"requests_per_minute":1}}"#)
      _ = try await asks(client, 5)
      let answers = try await asks(service.client(key), 20)
      #expect(answers.allSatisfy { $0.status == 200 && $0.headers["ratelimit"].isEmpty })
    }
  }

  /// Each instance counts for itself, under a policy that it hears of within seconds.
  @Test func aSecondInstanceFollows() async throws {
    try await withStage("rates on two", keys: ["one"]) { _, clients, tenant in
      let first = try #require(clients["one"])
      try await tenant.deployment.withService { service in
        let second = service.client(first.key)
        #expect(try await asks(second, 3).map(\.status) == [200, 200, 200])
        try await first.limit(rates: #"{"tenant":{"requests_per_minute":1}}"#)
        try await eventually(within: .seconds(5), "a second instance that follows") {
          try await ask(second).status == 429
        }
        #expect(try await asks(first, 2).map(\.status) == [200, 429])
        try await first.limit(rates: "{}")
        try await eventually(within: .seconds(5), "a second instance that lets go") {
          try await ask(second).status == 200
        }
      }
    }
  }

  @Test(arguments: [
    (#"{"rate_limits":{"tenant":{}}}"#, "/rate_limits/tenant/requests_per_minute"),
    (
      #"{"rate_limits":{"tenant":{"requests_per_minute":0}}}"#,
      "/rate_limits/tenant/requests_per_minute"
    ),
    (
      #"{"rate_limits":{"key":{"requests_per_minute":1000001}}}"#,
      "/rate_limits/key/requests_per_minute"
    ),
    (
      #"{"rate_limits":{"key":{"requests_per_minute":1,"burst":0}}}"#, "/rate_limits/key/burst"
    ),
    (#"{"rate_limits":{"user":{}}}"#, "/rate_limits/user"),
    (#"{"rate_limits":[]}"#, "/rate_limits"), (#"{"quotas":{"events":1}}"#, "/quotas/events"),
    (#"{"quotas":{"events_per_day":0}}"#, "/quotas/events_per_day"),
    (#"{"quotas":{"recordings_per_day":"1"}}"#, "/quotas/recordings_per_day"),
  ])
  func limitsThatAreNoneAreRefused(_ terms: String, _ pointer: String) async throws {
    try await withStage("rates refused", keys: ["one"]) { _, clients, _ in
      let answer = try await clients["one"]?.send(
        .put, Client.policy, json: terms, headers: [("If-Match", "\"policy-0\"")])
      #expect(answer?.status == 422)
      #expect(try answer?.json["errors"]?.elements.map { try $0["pointer"]?.text() } == [pointer])
    }
  }
}
