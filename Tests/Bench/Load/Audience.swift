// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Many listeners of one tenant on one thread: how late each notice is told to each of them.
///
/// Used by one thread after the other, never by two: first by the one that connects, then by the one
/// that listens.
final class Audience: @unchecked Sendable {
  /// When the notices are due: number `n` at `start + n × interval`. Delays are counted from there, so
  /// that what is late in being asked for counts as late too.
  struct Timetable: Sendable {
    var start: ContinuousClock.Instant
    var interval: Duration
    /// Those that are counted; the ones before are for warming up.
    var counted: Range<Int>

    func instant(of number: Int) -> ContinuousClock.Instant { start + interval * number }
  }

  /// What the listeners were told.
  struct Outcome: Sendable {
    var delays = Delays()
    /// Listeners that were closed although they read.
    var closed = 0
    /// Notices that somebody who reads was not told.
    var missing = 0
    /// Processors that the thread took: near 1 it measures itself.
    var load = 0.0
  }

  /// Of those that never read: what their own system takes for them is nothing that the service can
  /// notice, nor what is measured.
  private static let sleepersBuffer: Int32 = 4096

  private let readers: [Listener]
  /// Those that never read.
  private let sleepers: [Listener]

  /// Connects listeners, `sleeping` of which never read.
  init(port: Int, key: String, listening: Int, sleeping: Int) throws {
    readers = try (0..<listening).map { _ in try Listener(port: port, key: key) }
    sleepers = try (0..<sleeping).map { _ in
      try Listener(port: port, key: key, receiveBuffer: Self.sleepersBuffer)
    }
  }

  /// Listens until everybody was told everything, or `patience` is over after the last was due.
  func listen(_ timetable: Timetable, patience: Duration) throws -> Outcome {
    defer { withExtendedLifetime(sleepers) {} }
    let loop = try EpollLoop()
    for (index, reader) in readers.enumerated() { try loop.add(reader.stream.descriptor, index) }
    var outcome = Outcome()
    let expected = readers.count * timetable.counted.count
    let (begun, spent) = (ContinuousClock.now, ThreadClock.now())
    let end = timetable.instant(of: timetable.counted.upperBound) + patience
    while outcome.delays.total < expected, ContinuousClock.now < end {
      for index in try loop.wait(until: end) {
        let isOpen = try readers[index].read { frame in
          guard case .notice(let number) = frame, timetable.counted.contains(number) else { return }
          outcome.delays.count(ContinuousClock.now - timetable.instant(of: number))
        }
        guard !isOpen else { continue }
        outcome.closed += 1
        loop.remove(readers[index].stream.descriptor)
      }
    }
    outcome.missing = expected - outcome.delays.total
    outcome.load = (ThreadClock.now() - spent) / (ContinuousClock.now - begun)
    return outcome
  }
}
