// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// One of an event writer's lanes: takes what is waiting, stores it in one transaction on its own
/// connection, and answers after the commit.
///
/// A group whose connection broke is sent again on a new one: every event has an id, so what had been
/// committed is recognised and not stored twice. A group that the database refuses is tried again
/// request by request, so that one bad request fails alone.
actor AppendLane {
  private let number: Int
  private let queue: AppendQueue
  private let connect: @Sendable () async throws -> PostgresConnection
  private let observer: Observer
  private let options: EventWriter.Options
  private var connection: PostgresConnection?

  init(
    number: Int, queue: AppendQueue, observer: Observer, options: EventWriter.Options,
    connect: @escaping @Sendable () async throws -> PostgresConnection
  ) {
    self.number = number
    self.queue = queue
    self.observer = observer
    self.options = options
    self.connect = connect
  }

  /// Works until the queue is closed and empty.
  func run() async {
    while let taken = await queue.take() {
      let now = ContinuousClock.now
      for pending in taken where pending.deadline <= now {
        pending.continuation.resume(throwing: DomainError.queueFull)
      }
      let members = taken.filter { $0.deadline > now }
      if !members.isEmpty { await store(AppendGroup(members)) }
    }
    await disconnect()
  }

  /// Stores `group` or tells its members why not.
  private func store(_ group: AppendGroup) async {
    var group = group
    var deadlocks = 0
    let giveUp = ContinuousClock.now + options.reconnecting
    while true {
      do {
        return try await send(group)
      } catch let error as PostgresError where error.mayHaveBeenSent {
        group.isResent = true
        await disconnect()
        guard ContinuousClock.now < giveUp else { return databaseIsAway(group, error) }
        observer.observe(.groupResent(lane: number, requests: group.members.count))
        await pause()
      } catch let error as PostgresError where error.lostDeadlock && deadlocks < 3 {
        deadlocks += 1
      } catch {
        return await divide(group, error)
      }
    }
  }

  private func send(_ group: AppendGroup) async throws {
    let started = ContinuousClock.now
    let connection = try await connected()
    if options.acknowledgesBeforeCommit { return try await sendCarelessly(group, on: connection) }
    deliver(try group.answers(in: try await connection.transact(group.queries)), to: group)
    observer.observe(
      .groupCommitted(
        lane: number, requests: group.members.count, events: group.eventCount,
        duration: .now - started))
    if group.redactionCount > 0 { observer.observe(.redacted(count: group.redactionCount)) }
  }

  /// The planted defect: what the durability tests must find.
  private func sendCarelessly(
    _ group: AppendGroup, on connection: PostgresConnection
  ) async throws {
    let results = try await connection.pipeline([.begin] + group.queries)
    deliver(try group.answers(in: Array(results.dropFirst())), to: group)
    do {
      _ = try await connection.execute(.commit)
    } catch {
      // The receipts are out already: that is the defect.
      await disconnect()
    }
  }

  private func deliver(_ answers: [Result<[EventReceipt], DomainError>], to group: AppendGroup) {
    for (member, answer) in zip(group.members, answers) {
      member.continuation.resume(with: answer.mapError { $0 as any Error })
    }
  }

  /// Tries the members of a refused group one by one; a single one is told the reason.
  private func divide(_ group: AppendGroup, _ error: any Error) async {
    let reason = error as? PostgresError
    guard group.members.count > 1, reason?.concernsTheRequest ?? false else {
      return fail(group, with: .storing(error))
    }
    observer.observe(
      .groupSplit(
        lane: number, requests: group.members.count, sqlState: reason?.sqlState?.rawValue))
    for member in group.members {
      var single = AppendGroup([member])
      single.isResent = group.isResent
      await store(single)
    }
  }

  /// Refuses the group, and with it all that is waiting: they would only wait for the same.
  private func databaseIsAway(_ group: AppendGroup, _ error: PostgresError) {
    observer.observe(.databaseUnavailable(code: error.description))
    fail(group, with: DomainError(translating: error))
    for pending in queue.takeAll() {
      pending.continuation.resume(
        throwing: DomainError(.databaseUnavailable, "The database cannot be reached."))
    }
  }

  private func fail(_ group: AppendGroup, with error: DomainError) {
    for member in group.members { member.continuation.resume(throwing: error) }
  }

  private func connected() async throws -> PostgresConnection {
    if let connection, await connection.isReusable { return connection }
    await disconnect()
    let fresh = try await connect()
    connection = fresh
    return fresh
  }

  private func disconnect() async {
    await connection?.close()
    connection = nil
  }

  /// Waits a little before the next attempt to connect; being cancelled only makes it shorter.
  private func pause() async {
    do {
      try await Task.sleep(for: .milliseconds(Int64.random(in: 10...40)))
    } catch {
      return
    }
  }
}

extension PostgresError {
  /// The connection is gone, so that what was sent may have happened or not.
  fileprivate var mayHaveBeenSent: Bool {
    code == .outcomeUnknown || (isConnectionFailure && code != .timedOut)
  }

  /// Whether another request of the same group could fare better.
  fileprivate var concernsTheRequest: Bool {
    code == .server && !(sqlState?.isStorageFailure ?? false)
      && sqlState != .readOnlyTransaction && !isConnectionFailure
  }
}

extension DomainError {
  /// What a caller is told of a failure to store. The one constraint that a request can run into
  /// under locks that found it acceptable is the number of events that one data key may seal.
  fileprivate static func storing(_ error: any Error) -> DomainError {
    switch error {
    case let error as DomainError: error
    case let error as ConnectionSafety.Refusal: DomainError(.unsafeDatabase, error.description)
    case let error as PostgresError where error.constraint == "recording_events_seq_range":
      DomainError(.recordingNotOpen, "The recording holds as many events as it can.")
    case let error as PostgresError: DomainError(translating: error)
    default: DomainError(.internalError, "\(type(of: error))")
    }
  }
}
