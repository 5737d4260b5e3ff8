// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

struct AppendQueueTests {
  private let recording = RecordingID.make()
  private let tenant = TenantID.make()

  private func event(_ id: EventID? = nil, bytes: Int = 10) -> SealedEvent {
    SealedEvent(
      id: id ?? .make(), isChosen: id != nil, type: "e",
      occurredAt: .now(), recordedBy: "key:1", payload: [UInt8](repeating: 0, count: bytes),
      payloadLength: bytes, contentMAC: [], leafPrefix: [],
      redactionPolicy: 0, redactions: [])
  }

  private func request(
    _ events: [SealedEvent], to recording: RecordingID? = nil, of tenant: TenantID? = nil
  ) -> AppendRequest {
    AppendRequest(
      tenant: tenant ?? self.tenant, recording: recording ?? self.recording, key: nil,
      events: events)
  }

  /// Submits the requests one after the other, takes groups until all are taken, answers them, and
  /// returns the sizes of the groups.
  private func groups(
    of requests: [AppendRequest], _ bounds: AppendQueue.Bounds
  ) async throws -> [Int] {
    let queue = AppendQueue(bounds: bounds)
    return try await withThrowingTaskGroup { group in
      for (index, request) in requests.enumerated() {
        group.addTask { _ = try await queue.submit(request) }
        try await eventually("accepted") { queue.count == index + 1 }
      }
      queue.close()
      var sizes: [Int] = []
      while let taken = await queue.take() {
        sizes.append(taken.count)
        for pending in taken { pending.continuation.resume(returning: []) }
      }
      try await group.waitForAll()
      return sizes
    }
  }

  @Test func aGroupEndsAtTheNumberOfRequests() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.groupRequests = 3
    let requests = (0..<7).map { _ in request([event()]) }
    #expect(try await groups(of: requests, bounds) == [3, 3, 1])
  }

  @Test func aGroupEndsAtTheNumberOfEvents() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.groupEvents = 5
    let requests = [2, 3, 1, 9, 1].map { count in
      request((0..<count).map { _ in event() })
    }
    // A request that is larger than a group goes alone.
    #expect(try await groups(of: requests, bounds) == [2, 1, 1, 1])
  }

  @Test func aGroupEndsAtTheNumberOfBytes() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.groupBytes = 2 * (1000 + 256)
    let requests = [1000, 1000, 1, 9000, 1].map { request([event(bytes: $0)]) }
    #expect(try await groups(of: requests, bounds) == [2, 1, 1, 1])
  }

  @Test func theSameEventTwiceMakesTwoGroups() async throws {
    let id = EventID.make()
    let other = RecordingID.make()
    let requests = [
      request([event(id)]), request([event(id)], to: other), request([event(), event(id)]),
      request([event(id)]), request([event()]),
    ]
    #expect(try await groups(of: requests, .init()) == [2, 1, 2])
  }

  @Test func whatExceedsTheBoundsIsRefusedAtOnce() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.waitingRequests = 2
    let queue = AppendQueue(bounds: bounds)
    try await withThrowingTaskGroup { group in
      for count in 1...2 {
        let request = request([event()], of: .make())
        group.addTask { _ = try await queue.submit(request) }
        try await eventually("accepted") { queue.count == count }
      }
      let request = request([event()], of: .make())
      await #expect(throws: DomainError.queueFull) { try await queue.submit(request) }
      for pending in queue.takeAll() { pending.continuation.resume(returning: []) }
      #expect(queue.count == 0)
      try await group.waitForAll()
    }
  }

  @Test func bytesAreBoundedButForTheFirst() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.waitingBytes = 1000
    let queue = AppendQueue(bounds: bounds)
    let large = request([event(bytes: 5000)])
    try await withThrowingTaskGroup { group in
      group.addTask { _ = try await queue.submit(large) }
      try await eventually("accepted") { queue.count == 1 }
      await #expect(throws: DomainError.queueFull) { try await queue.submit(large) }
      for pending in queue.takeAll() { pending.continuation.resume(returning: []) }
      // The bytes were given back.
      group.addTask { _ = try await queue.submit(large) }
      try await eventually("accepted") { queue.count == 1 }
      for pending in await queue.take() ?? [] { pending.continuation.resume(returning: []) }
      try await group.waitForAll()
    }
  }

  @Test func onlyThoseWhoWaitedTooLongAreOverdue() async throws {
    var bounds = AppendQueue.Bounds()
    bounds.patience = .seconds(60)
    let queue = AppendQueue(bounds: bounds)
    let request = request([event()])
    try await withThrowingTaskGroup { group in
      group.addTask { _ = try await queue.submit(request) }
      try await eventually("accepted") { queue.count == 1 }
      #expect(queue.takeOverdue(at: .now).isEmpty)
      let overdue = queue.takeOverdue(at: .now + .seconds(61))
      #expect(overdue.count == 1)
      #expect(queue.count == 0)
      for pending in overdue { pending.continuation.resume(returning: []) }
      try await group.waitForAll()
    }
  }

  @Test func aClosedQueueGivesWhatItHasAndTakesNothingMore() async throws {
    let queue = AppendQueue(bounds: .init())
    let request = request([event()])
    try await withThrowingTaskGroup { group in
      group.addTask { _ = try await queue.submit(request) }
      try await eventually("accepted") { queue.count == 1 }
      queue.close()
      queue.close()
      await #expect(throws: DomainError.queueFull) { try await queue.submit(request) }
      let taken = try #require(await queue.take())
      #expect(taken.count == 1)
      for pending in taken { pending.continuation.resume(returning: []) }
      #expect(await queue.take() == nil)
      try await group.waitForAll()
    }
  }

  @Test func closingWakesWhoWaits() async throws {
    for _ in 0..<200 {
      let queue = AppendQueue(bounds: .init())
      async let taken = queue.take()
      await Task.yield()
      queue.close()
      #expect(await taken == nil)
    }
  }

  @Test func nothingIsLostBetweenManyProducersAndOneConsumer() async throws {
    let queue = AppendQueue(bounds: .init())
    let request = request([event()])
    let count = await withTaskGroup(of: Int.self) { group in
      group.addTask {
        var count = 0
        while let taken = await queue.take() {
          count += taken.count
          for pending in taken { pending.continuation.resume(returning: []) }
        }
        return count
      }
      await withTaskGroup { producers in
        for _ in 0..<50 {
          producers.addTask {
            for _ in 0..<40 {
              do {
                _ = try await queue.submit(request)
              } catch {
                Issue.record(error)
              }
            }
          }
        }
      }
      queue.close()
      return await group.reduce(0, +)
    }
    #expect(count == 2000)
  }
}

struct AppendGroupTests {
  /// Two instances lock the rows of their groups in one order, whatever the order of arrival.
  @Test func tenantsGoInOneOrder() async throws {
    let tenants = (0..<5).map { _ in TenantID.make() }
    let requests = tenants.reversed().map {
      AppendRequest(tenant: $0, recording: .make(), key: nil, events: [])
    }
    let queue = AppendQueue(bounds: .init())
    try await withThrowingTaskGroup { group in
      for (index, request) in requests.enumerated() {
        group.addTask { _ = try await queue.submit(request) }
        try await eventually("accepted") { queue.count == index + 1 }
      }
      let members = try #require(await queue.take())
      let settings = AppendGroup(members).queries.map(\.sql).filter { $0.hasPrefix("set local") }
      let sorted = tenants.sorted { $0.description < $1.description }
      #expect(settings == sorted.map { Query.setTenant($0).sql })
      for pending in members { pending.continuation.resume(returning: []) }
      try await group.waitForAll()
    }
  }
}
