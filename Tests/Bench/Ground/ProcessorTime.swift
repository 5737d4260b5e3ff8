// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Processor time that some processes have used so far, thread by thread.
struct ProcessorTime: Sendable, Equatable {
  /// Nanoseconds by thread id.
  private var byThread: [Int: UInt64] = [:]

  init(byThread: [Int: UInt64]) {
    self.byThread = byThread
  }

  /// Reads the first field of `/proc/PID/task/TID/schedstat` (kernel, "Scheduler Statistics"), which
  /// unlike `stat` does not count in ticks. Threads that have ended are not there any more.
  init(of processes: [Int32]) {
    for process in processes {
      let tasks = "/proc/\(process)/task"
      // A process that has ended meanwhile has used nothing that matters.
      let names = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
      for name in names {
        let bytes = FileManager.default.contents(atPath: "\(tasks)/\(name)/schedstat") ?? Data()
        let first = String(decoding: bytes, as: UTF8.self).prefix { $0 != " " }
        if let thread = Int(name), let time = UInt64(first) { byThread[thread] = time }
      }
    }
  }

  /// What was used since an earlier reading; of threads that are gone nothing is known.
  func microseconds(since earlier: ProcessorTime) -> Double {
    byThread.reduce(0) { sum, entry in
      let before = earlier.byThread[entry.key] ?? 0
      return sum + Double(entry.value - min(before, entry.value)) / 1000
    }
  }
}
