// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardJSON
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import HansardClient

/// Events in the background: in order, in batches, with back-pressure, and none lost silently.
struct RecordingSessionTests {
  private func event(_ number: Int, type: String = "step") throws -> HansardClient.Event {
    try .init(type: type, json: String(number))
  }

  private func count(_ request: ScriptedServer.Request) throws -> Int {
    try JSONDocument(parsing: Array(request.body.utf8)).root.elements.count
  }

  @Test func sendsInOrderAndInBatches() async throws {
    let service = EventServer()
    let receipts = Mutex<[Int64]>([])
    try await ScriptedServer.with(
      { request, _ in service.reply(to: request) },
      { server in
        let session = try client(of: server).session(
          for: "r-1",
          options: .init(
            batchEvents: 50, batchDelay: .seconds(60), capacityEvents: 120,
            onReceipts: { batch in receipts.withLock { $0 += batch.map(\.seq) } }))
        for number in 0..<1000 { try await session.record(event(number)) }
        let progress = try await session.flush()
        #expect(progress.accepted == 1000 && progress.recorded == 1000 && progress.failed == 0)
        let sizes = try server.requests.map(count)
        #expect(sizes.allSatisfy { $0 <= 50 } && sizes.count == 20)
        try await session.close()
      })
    #expect(service.numbers == (0..<1000).map { Int64($0) })
    #expect(receipts.withLock { $0 } == (1...1000).map { Int64($0) })
  }

  @Test func timeAndBytesSendTooWithoutBeingAsked() async throws {
    let service = EventServer()
    try await ScriptedServer.with(
      { request, _ in service.reply(to: request) },
      { server in
        let timed = try client(of: server).session(
          for: "r-1", options: .init(batchDelay: .milliseconds(20)))
        try await timed.record(event(0))
        try await eventually { service.events.count == 1 }
        let sized = try client(of: server).session(
          for: "r-1", options: .init(batchBytes: 2400, batchDelay: .seconds(60)))
        for number in 1...40 { try await sized.record(event(number)) }
        try await eventually { service.events.count > 30 }
        try await sized.close()
        #expect(service.events.count == 41)
        for request in server.requests.dropFirst() { #expect(request.body.utf8.count <= 2400) }
      })
  }

  /// While the service is away, `record` suspends; afterwards everything is there, once.
  @Test func holdsBackWhoeverRecordsTooFast() async throws {
    let service = EventServer()
    let isAway = Mutex(true)
    try await ScriptedServer.with(
      { request, _ in
        isAway.withLock { $0 } ? .answer(503, "{}", retryAfter: 0) : service.reply(to: request)
      },
      { server in
        let session = try client(of: server, attempts: 1).session(
          for: "r-1",
          options: .init(
            batchEvents: 5, batchDelay: .zero, capacityEvents: 10, longestPause: .milliseconds(5)))
        let writer = Task { for number in 0..<50 { try await session.record(event(number)) } }
        try await eventually { server.requests.count > 5 }
        #expect(await session.progress.accepted == 10)
        #expect(await session.progress.trouble?.isTransient == true)
        let extra = try event(99)
        let full = await #expect(throws: HansardClientError.self) {
          try await session.recordIfRoom(extra)
        }
        #expect(full == .bufferFull)
        await #expect(throws: HansardClientError.timeout) {
          try await session.flush(within: .milliseconds(20))
        }
        isAway.withLock { $0 = false }
        try await writer.value
        try await session.close()
        // The first batch was sent many times, always under its first name and as the same bytes.
        let first = server.requests.prefix(5)
        #expect(Set(first.map { $0.headers["Idempotency-Key"] }).count == 1)
        #expect(Set(first.map(\.body)).count == 1)
      })
    #expect(service.numbers == (0..<50).map { Int64($0) })
  }

  @Test(arguments: [true, false])
  func aBadEventFailsAlone(naming: Bool) async throws {
    let service = EventServer(naming: naming)
    let failures = Mutex<[RecordingSession.EventFailure]>([])
    let bad: Set<Int> = [0, 3, 4, 17, 29]
    try await ScriptedServer.with(
      { request, _ in service.reply(to: request) },
      { server in
        let session = try client(of: server).session(
          for: "r-1",
          options: .init(
            batchEvents: 30, batchDelay: .seconds(60),
            onFailure: { failure in failures.withLock { $0.append(failure) } }))
        for number in 0..<30 {
          try await session.record(event(number, type: bad.contains(number) ? "bad" : "step"))
        }
        let progress = try await session.close()
        #expect(progress.recorded == 25 && progress.failed == 5 && progress.pending == 0)
        if naming { #expect(server.requests.count == 2) }
      })
    #expect(service.numbers == (0..<30).filter { !bad.contains($0) }.map { Int64($0) })
    let told = failures.withLock { $0 }
    #expect(
      told.map { String(decoding: $0.event.data, as: UTF8.self) }
        == bad.sorted().map { String($0) })
    if naming, case .problem(let problem)? = told.dropFirst().first?.error {
      #expect(problem.errors.map(\.pointer) == ["/3/event_type"])
    }
  }

  @Test(arguments: [401, 403, 404, 409, 410])
  func aRecordingThatTakesNoMoreFailsEveryEvent(status: Int) async throws {
    let failures = Mutex(0)
    try await ScriptedServer.with(
      { _, _ in Answers.refusal(status, "no") },
      { server in
        let session = try client(of: server).session(
          for: "r-1", options: .init(onFailure: { _ in failures.withLock { $0 += 1 } }))
        for number in 0..<7 { try await session.record(event(number)) }
        let progress = try await session.flush()
        #expect(progress.failed == 7 && progress.recorded == 0)
      })
    #expect(failures.withLock { $0 } == 7)
  }

  @Test func whatCannotBeDeliveredIsGivenBack() async throws {
    try await ScriptedServer.with(
      { _, _ in .hangUp },
      { server in
        let session = try client(of: server, attempts: 1).session(
          for: "r-1", options: .init(batchEvents: 2, longestPause: .milliseconds(5)))
        let events = try (0..<5).map { try event($0) }
        for event in events { try await session.record(event) }
        let error = await #expect(throws: HansardClientError.self) {
          try await session.close(within: .milliseconds(50))
        }
        #expect(error == .undelivered(events))
        let late = try event(9)
        await #expect(throws: HansardClientError.closed) { try await session.record(late) }
        #expect(await session.progress.pending == 0)
        try await session.close()
      })
  }

  /// Who is cancelled while there is no room has not been heard; everybody else has.
  @Test func cancellationTakesBackWhatWasNotTaken() async throws {
    let service = EventServer()
    let isAway = Mutex(true)
    try await ScriptedServer.with(
      { request, _ in
        isAway.withLock { $0 } ? .hangUp : service.reply(to: request)
      },
      { server in
        let session = try client(of: server, attempts: 1).session(
          for: "r-1", options: .init(capacityEvents: 3, longestPause: .milliseconds(5)))
        for number in 0..<3 { try await session.record(event(number)) }
        let waiting = try (3..<13).map { number in
          let event = try event(number)
          return Task { () -> HansardClientError? in
            do throws(HansardClientError) {
              try await session.record(event)
              return nil
            } catch {
              return error
            }
          }
        }
        for task in waiting.dropFirst(5) { task.cancel() }
        for task in waiting.dropFirst(5) { #expect(await task.value == .cancelled) }
        isAway.withLock { $0 = false }
        for task in waiting.prefix(5) { #expect(await task.value == nil) }
        try await session.close()
      })
    #expect(Set(service.numbers) == Set(0..<8) && service.events.count == 8)
    #expect(Array(service.numbers.prefix(3)) == [0, 1, 2])
  }

  /// Answers get lost, or say that it is not known: everything is recorded once, and in order.
  @Test func lostAnswersDoubleNothing() async throws {
    let service = EventServer()
    try await ScriptedServer.with(
      { request, number in
        switch number % 4 {
        case 0: return .hangUp
        case 1:
          _ = service.reply(to: request)
          return .hangUp
        case 2: return Answers.refusal(503, "outcome_unknown", retryAfter: 0)
        default: return service.reply(to: request)
        }
      },
      { server in
        let session = try client(of: server, attempts: 2).session(
          for: "r-1",
          options: .init(batchEvents: 7, batchDelay: .zero, longestPause: .milliseconds(2)))
        for number in 0..<200 { try await session.record(event(number)) }
        let progress = try await session.close()
        #expect(progress.recorded == 200)
      })
    #expect(service.numbers == (0..<200).map { Int64($0) })
  }
}
