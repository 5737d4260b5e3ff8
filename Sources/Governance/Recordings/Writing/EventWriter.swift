// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Postgres
import ServiceLifecycle

/// Group commit: concurrent appends share transactions, and with them round trips and disk flushes.
///
/// A writer has a few lanes, each with its own connection and queue. A recording always maps to the
/// same lane, so its events keep the order in which they were accepted; a lane takes all that is
/// waiting and stores it as one pipelined transaction, for several tenants if need be.
package final class EventWriter: Service, Sendable {
  /// How a writer works.
  package struct Options: Sendable {
    /// The number of lanes.
    package var lanes: Int
    /// How long a lane tries to reach a database that went away before it refuses what is waiting.
    package var reconnecting: Duration = .milliseconds(400)
    /// The longest time that a request waits for its turn; beyond it the answer would come too late to be of use.
    package var patience: Duration = .seconds(2)
    /// The planted defect of the durability tests: receipts go out before the commit. Never set it.
    package var acknowledgesBeforeCommit = false

    /// Options with this number of lanes.
    package init(lanes: Int) {
      self.lanes = max(1, lanes)
    }
  }

  private let queues: [AppendQueue]
  private let lanes: [AppendLane]
  private let observer: Observer

  /// Creates a writer; nothing is stored until `run` is called.
  ///
  /// - Parameter connect: Makes a connection that was checked by `ConnectionSafety`.
  package init(
    options: Options, observer: Observer,
    connect: @escaping @Sendable () async throws -> PostgresConnection
  ) {
    let bounds = AppendQueue.Bounds(patience: options.patience)
    let queues = (0..<options.lanes).map { _ in AppendQueue(bounds: bounds) }
    self.queues = queues
    self.observer = observer
    lanes = queues.enumerated().map { number, queue in
      AppendLane(
        number: number, queue: queue, observer: observer, options: options, connect: connect)
    }
  }

  /// Works until a graceful shutdown, then stores what is waiting and ends.
  package func run() async throws {
    await withDiscardingTaskGroup { group in
      for lane in lanes { group.addTask { await lane.run() } }
      group.addTask { [self] in await refuseOverdue() }
      group.addTask { [self] in
        await withGracefulShutdownHandler {
          await untilGracefulShutdown()
        } onGracefulShutdown: { [self] in
          close()
        }
      }
    }
  }

  /// Stores the events of `request` after those accepted before it.
  ///
  /// - Returns: One receipt per event, in order, once they are committed.
  func append(_ request: AppendRequest) async throws -> [EventReceipt] {
    do {
      return try await queue(of: request.recording).submit(request)
    } catch let error as DomainError where error == .queueFull {
      observer.observe(.appendRefused(lane: lane(of: request.recording)))
      throw error
    }
  }

  /// Looks through the queues a few times a second, until they are closed.
  private func refuseOverdue() async {
    while !queues.allSatisfy(\.isClosed) {
      for pending in queues.flatMap({ $0.takeOverdue(at: .now) }) {
        pending.continuation.resume(throwing: DomainError.queueFull)
      }
      do {
        try await Task.sleep(for: .milliseconds(100))
      } catch {
        return  // Cancelled: the lanes are told to end by their queues.
      }
    }
  }

  private func close() {
    for queue in queues { queue.close() }
  }

  private func queue(of recording: RecordingID) -> AppendQueue { queues[lane(of: recording)] }

  /// The lane of a recording: its last eight bits, which are random in a version 7 UUID.
  private func lane(of recording: RecordingID) -> Int {
    Int(recording.uuid.uuid.15) % queues.count
  }

  private func untilGracefulShutdown() async {
    do {
      try await gracefulShutdown()
    } catch {
      // Cancelled without a graceful shutdown first: the lanes must end all the same.
      close()
    }
  }
}
