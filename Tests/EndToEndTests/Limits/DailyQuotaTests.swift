// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// How much a tenant may record in a day, on the real service.
@Suite(.serialized, .exclusive)
struct DailyQuotaTests {
  private func withStage(
    _ name: String, quotas: String, _ body: (Service, Client, Tenant) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant(name)
    let key = try await tenant.makeKey(.init("admin", user: "alice"))
    try await deployment.withService { service in
      let client = service.client(key.text)
      try await client.limit(quotas: quotas)
      try await body(service, client, tenant)
    }
  }

  private func append(_ client: Client, _ count: Int, to id: String) async throws -> Answer {
    let events = Array(repeating: #"{"event_type":"step","event_data":0}"#, count: count)
    return try await client.send(
      .post, Paths.recording(id, "events"), json: "[\(events.joined(separator: ","))]")
  }

  @Test func aBatchIsTakenWholeOrNotAtAll() async throws {
    try await withStage("quota of events", quotas: #"{"events_per_day":10}"#) { _, client, _ in
      let id = try await client.startRecording()
      let answers = [
        try await append(client, 9, to: id), try await append(client, 2, to: id),
        try await append(client, 1, to: id), try await append(client, 1, to: id),
      ]
      #expect(answers.map(\.status) == [201, 429, 201, 429])
      #expect(answers.map { $0.left("events") } == [1, 1, 0, 0])
      for answer in answers where answer.status == 429 {
        #expect(answer.code == "quota_exceeded")
        let wait = answer.headers["retry-after"].first.flatMap { Int($0) } ?? 0
        #expect((1...86_400).contains(wait))
        let policy = [#""events";q=10;w=86400;qu="events""#]
        #expect(answer.headers["ratelimit-policy"] == policy)
      }
      #expect(try await client.allEvents(of: id).count == 10)
      #expect(try await client.send(.post, Paths.recording(id, "stop"), json: "{}").status == 200)
    }
  }

  @Test func recordingsAreStartedUpToTheQuota() async throws {
    let quota = #"{"recordings_per_day":2}"#
    try await withStage("quota of recordings", quotas: quota) { _, client, tenant in
      try await tenant.makeAgent("robot", status: "autonomous")
      func start(_ name: String) async throws -> Answer {
        try await client.send(
          .post, Paths.recordings + "/start", json: #"{"agent_id":"a","reason":"r"}"#,
          headers: [("Idempotency-Key", name)])
      }
      func auto(_ session: String) async throws -> Answer {
        let context = #""context":{"session_id":"\#(session)"}"#
        return try await client.send(
          .post, Paths.recordings + "/auto",
          json: #"{"agent_id":"robot","action":"act",\#(context)}"#)
      }
      let first = try await start("one")
      let open = try await auto("s")
      #expect(first.status == 201 && open.status == 200)
      #expect(open.left("recordings") == 0)
      #expect(try await start("two").code == "quota_exceeded")
      #expect(try await auto("t").code == "quota_exceeded")
      // What was done before is answered, and what goes on goes on.
      #expect(try await start("one").body == first.body)
      #expect(try await auto("s").text("recording_id") == open.text("recording_id"))
      try await client.limit(quotas: #"{"recordings_per_day":3}"#)
      #expect(try await start("two").status == 201)
      #expect(try await start("three").code == "quota_exceeded")
      let metrics = try await client.send(.get, "/metrics").text
      #expect(metrics.contains("hansard_requests_over_quota_total 3\n"))
    }
  }

  /// Events are sent to two instances until neither takes any: never more than the quota, and less by
  /// no more than a hundredth for each. When they have given back what they held, the rest is taken.
  @Test func aQuotaHoldsOverTwoInstances() async throws {
    let quota = #"{"events_per_day":300}"#
    try await withStage("quota on two", quotas: quota) { first, client, tenant in
      let id = try await client.startRecording()
      try await tenant.deployment.withService { second in
        let clients = [client, second.client(client.key)]
        let taken = try await fill(clients, id)
        #expect((294...300).contains(taken), "\(taken) of 300")
        #expect(try await client.allEvents(of: id).count == taken)
        var total = taken
        try await eventually("the rest of the quota") {
          total += try await fill(clients, id)
          return total == 300
        }
        #expect(try await client.allEvents(of: id).count == 300)
        #expect(try await fill(clients, id) == 0)
      }
    }
  }

  /// Appends one by one, four at a time to each; how many were taken.
  private func fill(_ clients: [Client], _ id: String) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for client in clients + clients + clients + clients {
        group.addTask {
          var count = 0
          while count < 1000 {
            let answer = try await append(client, 1, to: id)
            guard answer.status != 429 else { return count }
            guard answer.status == 201 else {
              throw TestSupportError("\(answer.status) \(answer.text)")
            }
            count += 1
          }
          return count
        }
      }
      return try await group.reduce(0, +)
    }
  }
}
