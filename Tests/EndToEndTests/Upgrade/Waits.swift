// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How long writers wait for acknowledgements, by what goes on meanwhile.
final class Waits: Sendable {
  private struct Phase {
    let name: String
    let begin: ContinuousClock.Instant
    var end: ContinuousClock.Instant?
    var latencies = Latencies()
  }

  private let phases = Mutex<[Phase]>([])

  /// The phase before ends, and this one begins.
  func begin(_ name: String) {
    let now = ContinuousClock.now
    phases.withLock { phases in
      if !phases.isEmpty { phases[phases.count - 1].end = now }
      phases.append(Phase(name: name, begin: now))
    }
  }

  /// A wait that has just ended; it counts in each phase that it was part of.
  func add(_ duration: Duration) {
    let begin = ContinuousClock.now - duration
    phases.withLock { phases in
      for index in phases.indices where phases[index].end.map({ $0 > begin }) ?? true {
        phases[index].latencies.add(duration)
      }
    }
  }

  /// The longest wait that was part of a phase.
  func longest(in name: String) -> Duration {
    phases.withLock { phases in
      phases.filter { $0.name == name }.map(\.latencies.maximum).max() ?? .zero
    }
  }

  /// For the log: per phase the requests, their median and their longest wait.
  var summary: String {
    phases.withLock { phases in
      phases.map { phase in
        let median = Int(phase.latencies.percentile(0.5).milliseconds)
        let longest = Int(phase.latencies.maximum.milliseconds)
        let count = phase.latencies.all.count
        return "\(phase.name): \(count) requests, median \(median) ms, longest \(longest) ms"
      }.joined(separator: "; ")
    }
  }
}
