// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Runs tasks on the event loop of their connection.
///
/// A small request is read, handled and answered there without a change of threads, each of which
/// costs more than most of its steps.
final class EventLoopExecutor: TaskExecutor {
  private let eventLoop: any EventLoop

  /// Creates an executor that runs its jobs on `eventLoop`.
  init(_ eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
