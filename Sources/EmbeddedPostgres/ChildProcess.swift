// Hansard
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// How a child process ended.
package enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
  case exited(Int32)
  case signalled(Int32)

  package var description: String {
    switch self {
    case .exited(let code): "exit status \(code)"
    case .signalled(let signal): "signal \(signal)"
    }
  }
}

/// A process of our own that is waited for: it never stays a zombie, and its number is used for
/// signals only as long as it is ours.
///
/// Each child has one thread, which spawns it and waits for it. The thread lives as long as the
/// child, because the kernel sends a parent-death signal when the *thread* that spawned ends.
package final class ChildProcess: Sendable {
  /// What to run, with which arguments, environment and output.
  package struct Launch: Sendable {
    /// Absolute path of the program, then its arguments.
    package var command: [String]
    /// The whole environment of the child; nothing is inherited.
    package var environment: [String: String]
    /// Descriptor for standard output and error, borrowed until `start` returns; nil: discarded.
    package var output: Int32?
    /// A child with a session of its own does not get the terminal's Ctrl-C.
    package var ownSession: Bool

    package init(
      command: [String], environment: [String: String] = ChildProcess.plainEnvironment,
      output: Int32? = nil, ownSession: Bool = false
    ) {
      self.command = command
      self.environment = environment
      self.output = output
      self.ownSession = ownSession
    }
  }

  /// English messages, the C locale, and none of the `PG…` variables of the caller.
  package static let plainEnvironment = [
    "LC_ALL": "C", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  ]

  package let processID: Int32
  private let status: Mutex<ExitStatus?>
  private let ended: DispatchGroup

  private init(processID: Int32) {
    self.processID = processID
    status = Mutex(nil)
    ended = DispatchGroup()
    ended.enter()
  }

  /// Spawns; blocks only for the spawning itself. Throws `.system` when the program cannot run.
  package static func start(_ launch: Launch) throws(EmbeddedPostgresError) -> ChildProcess {
    let started = DispatchSemaphore(value: 0)
    let outcome = Outcome()
    let thread = Thread {
      let result = spawn(launch).map(ChildProcess.init(processID:))
      outcome.value.withLock { $0 = result }
      started.signal()
      if case .success(let child) = result { child.waitAndReap() }
    }
    thread.name = "child"
    thread.stackSize = 256 * 1024
    thread.start()
    started.wait()
    guard let result = outcome.value.withLock({ $0 }) else {
      throw .system(operation: "spawn", path: launch.command.first ?? "", code: ECHILD)
    }
    return try result.get()
  }

  /// The exit status, nil while it runs.
  package var exitStatus: ExitStatus? { status.withLock { $0 } }

  /// Sends a signal unless the child has ended; says whether it was sent.
  @discardableResult
  package func send(_ signal: Int32) -> Bool {
    // Under the lock that reaping takes: the number cannot have been given to another process.
    status.withLock { $0 == nil && kill(processID, signal) == 0 }
  }

  /// Blocks the calling thread until the child has ended; nil when `limit` passed before.
  package func waitBlocking(atMost limit: Duration) -> ExitStatus? {
    let nanoseconds = limit / .nanoseconds(1)
    let bounded = Int(min(max(nanoseconds, 0), 1e15))
    guard ended.wait(timeout: .now() + .nanoseconds(bounded)) == .success else { return nil }
    return exitStatus
  }

  /// Suspends until the child has ended.
  package func wait() async -> ExitStatus {
    await withCheckedContinuation { continuation in
      ended.notify(queue: .global()) { continuation.resume() }
    }
    return exitStatus ?? .exited(-1)
  }

  private func waitAndReap() {
    var info = siginfo_t()
    // WNOWAIT leaves a zombie, so that the number stays ours until the lock is held.
    while waitid(P_PID, id_t(processID), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    status.withLock { status in
      var raw: Int32 = 0
      while waitpid(processID, &raw, 0) == -1, errno == EINTR {}
      let signal = raw & 0x7f
      status = signal == 0 ? .exited((raw >> 8) & 0xff) : .signalled(signal)
    }
    ended.leave()
  }
}

/// The box through which the child's thread hands over what became of the spawn.
private final class Outcome: Sendable {
  let value = Mutex<Result<ChildProcess, EmbeddedPostgresError>?>(nil)
}
