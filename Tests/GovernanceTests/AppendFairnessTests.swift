// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// One tenant cannot have more than half of a lane while another waits.
struct AppendFairnessTests {
  private let noisy = TenantID.make()
  private let quiet = TenantID.make()

  private func request(of tenant: TenantID, events: Int = 1) -> AppendRequest {
    AppendRequest(
      tenant: tenant, recording: .make(), key: nil,
      events: (0..<events).map { _ in
        SealedEvent(
          id: .make(), isChosen: false, type: "e", occurredAt: .now(), recordedBy: "key:1",
          payload: [0], payloadLength: 1, contentMAC: [], leafPrefix: [], redactionPolicy: 0,
          redactions: [])
      })
  }

  /// Puts `requests` into a queue in this order, hands it to `body`, and answers what was taken.
  private func waiting(
    _ requests: [AppendRequest], _ bounds: AppendQueue.Bounds,
    _ body: (AppendQueue) async throws -> [PendingAppend]
  ) async throws {
    let queue = AppendQueue(bounds: bounds)
    try await withThrowingTaskGroup { group in
      for (index, request) in requests.enumerated() {
        group.addTask { _ = try await queue.submit(request) }
        try await eventually("accepted") { queue.count == index + 1 }
      }
      for pending in try await body(queue) + queue.takeAll() {
        pending.continuation.resume(returning: [])
      }
      try await group.waitForAll()
    }
  }

  private func share(of tenant: TenantID, in group: [PendingAppend]) -> Int {
    group.filter { $0.request.tenant == tenant }.reduce(0) { $0 + $1.request.events.count }
  }

  @Test func tenantsTakeTurnsWhoeverCameFirst() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.groupRequests = 6
    let requests =
      (0..<8).map { _ in request(of: noisy) } + (0..<3).map { _ in request(of: quiet) }
    try await waiting(requests, bounds) { queue in
      let first = try #require(await queue.take())
      #expect(share(of: noisy, in: first) == 3 && share(of: quiet, in: first) == 3)
      let second = try #require(await queue.take())
      #expect(share(of: noisy, in: second) == 5)
      return first + second
    }
  }

  @Test func largeRequestsGetNoMoreThanHalf() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.groupEvents = 100
    let requests =
      (0..<3).map { _ in request(of: noisy, events: 40) } + (0..<60).map { _ in request(of: quiet) }
    try await waiting(requests, bounds) { queue in
      let group = try #require(await queue.take())
      #expect(share(of: noisy, in: group) == 40 && share(of: quiet, in: group) == 50)
      return group
    }
  }

  @Test func aTenantAloneGetsAllOfIt() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.groupRequests = 6
    try await waiting((0..<6).map { _ in request(of: noisy) }, bounds) { queue in
      let group = try #require(await queue.take())
      #expect(group.count == 6)
      return group
    }
  }

  @Test func whoeverWasFirstIsNotFirstTheNextTime() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.groupRequests = 1
    let requests = [noisy, noisy, quiet, quiet].map { request(of: $0) }
    try await waiting(requests, bounds) { queue in
      var order: [PendingAppend] = []
      for _ in 0..<4 { order += try #require(await queue.take()) }
      #expect(order.map { $0.request.tenant } == [noisy, quiet, noisy, quiet])
      return order
    }
  }

  @Test func halfOfTheWaitingRoomIsKeptForOthers() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.waitingRequests = 8
    try await waiting((0..<4).map { _ in request(of: noisy) }, bounds) { queue in
      await #expect(throws: DomainError.queueFull) { try await queue.submit(request(of: noisy)) }
      let late = request(of: quiet)
      async let stored = queue.submit(late)
      try await eventually("accepted") { queue.count == 5 }
      let group = try #require(await queue.take())
      #expect(share(of: quiet, in: group) == 1)
      for pending in group { pending.continuation.resume(returning: []) }
      _ = try await stored
      return []
    }
  }

  /// The order of a tenant's own requests, and so of a recording's events, stays.
  @Test func aTenantsRequestsStayInOrder() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.groupRequests = 7
    let requests = (0..<60).map { request(of: [noisy, quiet][$0 % 3 == 0 ? 1 : 0]) }
    try await waiting(requests, bounds) { queue in
      var taken: [PendingAppend] = []
      while taken.count < 60, let group = await queue.take() { taken += group }
      for tenant in [noisy, quiet] {
        let sent = requests.filter { $0.tenant == tenant }.map(\.recording)
        #expect(taken.map(\.request).filter { $0.tenant == tenant }.map(\.recording) == sent)
      }
      return taken
    }
  }
}
