// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// One private PostgreSQL server, started as our own child and waited for by us.
///
/// The server ends with this process: smoothly by `stop`, and by a parent-death signal when the
/// process is killed. Dropping the last reference ends nothing; there is nobody to wait then.
package actor EmbeddedPostgres {
  /// How a server is asked to end (PostgreSQL manual, "Shutting Down the Server").
  package enum StopMode: Int32, Sendable {
    /// Waits until the last client has left.
    case smart
    /// Disconnects the clients, writes a checkpoint.
    case fast
    /// Ends without a checkpoint: the next start recovers as after a crash.
    case immediate
  }

  /// The directory of the Unix socket; the same after a restart.
  package nonisolated let socketDirectory: String
  package nonisolated let port: Int
  /// The directory that was asked for; may be a symbolic link to the files.
  package nonisolated let dataDirectory: String
  package nonisolated let logFile: String
  package nonisolated let binaries: ServerBinaries
  private nonisolated let site: Site
  private nonisolated let child: Mutex<ChildProcess>

  private init(site: Site, child: ChildProcess) {
    self.site = site
    self.child = Mutex(child)
    socketDirectory = site.socket.path
    port = site.configuration.port
    dataDirectory = site.data.asked
    logFile = site.log.path
    binaries = site.binaries
  }

  /// Prepares the directories, runs `initdb` if they are empty, starts the server and waits until
  /// it takes connections.
  ///
  /// Throws an `EmbeddedPostgresError`; nothing is left running then. Works on a thread of its
  /// own and is not cancelled half-way.
  package static func start(
    _ configuration: Configuration
  ) async throws(EmbeddedPostgresError) -> EmbeddedPostgres {
    try await onOwnThread { () throws(EmbeddedPostgresError) in
      let site = try Site.prepare(configuration)
      do throws(EmbeddedPostgresError) {
        return EmbeddedPostgres(site: site, child: try site.launch())
      } catch {
        site.socket.remove()
        throw error
      }
    }
  }

  /// Connection string (key=value form) for libpq, over the Unix socket.
  package nonisolated func conninfo(
    user: String = "postgres", database: String = "postgres"
  ) -> String {
    [
      ("host", socketDirectory), ("port", String(port)), ("user", user), ("dbname", database),
    ].map { "\($0)=\(Self.quoted($1))" }.joined(separator: " ")
  }

  /// The postmaster's process id; that of the last one when it has ended.
  package var processID: Int32 { current.processID }

  /// Whether the postmaster has not ended.
  package var isRunning: Bool { current.exitStatus == nil }

  /// Process ids of the server's children: a backend per client, and the background processes.
  package func backends() -> [Int32] {
    current.exitStatus == nil ? ProcessTable.children(of: current.processID) : []
  }

  /// Suspends until the server has ended, for whatever reason.
  package func ended() async -> ExitStatus { await current.wait() }

  /// Stops the server and waits for it; the next harder mode follows when `limit` has passed,
  /// SIGKILL at the end.
  @discardableResult
  package func stop(_ mode: StopMode, within limit: Duration = .seconds(60)) async -> ExitStatus {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in
        continuation.resume(returning: stopBlocking(mode, within: limit))
      }
    }
  }

  /// The same, blocking the calling thread: for `atexit`, where nothing else is left.
  @discardableResult
  package nonisolated func stopBlocking(
    _ mode: StopMode, within limit: Duration = .seconds(60)
  ) -> ExitStatus {
    let child = current
    let status = Self.end(child, mode, within: limit)
    site.socket.remove()
    return status
  }

  @discardableResult
  private static func end(
    _ child: ChildProcess, _ mode: StopMode, within limit: Duration
  ) -> ExitStatus {
    for step in mode.rawValue...StopMode.immediate.rawValue {
      child.send([SIGTERM, SIGINT, SIGQUIT][Int(step)])
      if let status = child.waitBlocking(atMost: limit) { return status }
    }
    return Site.kill(child)
  }

  /// A crash: SIGKILL to the postmaster and to every process of it, all of them waited for.
  package func kill() async {
    let child = current
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        Site.kill(child)
        continuation.resume()
      }
    }
  }

  /// Starts the server again on the same directories; a running one is stopped (`fast`) before.
  package func restart() async throws(EmbeddedPostgresError) {
    let site = site
    let child = current
    let next = try await onOwnThread { () throws(EmbeddedPostgresError) in
      if child.exitStatus == nil { Self.end(child, .fast, within: .seconds(60)) }
      try site.remakeSocketDirectory()
      return try site.launch()
    }
    self.child.withLock { $0 = next }
  }

  private nonisolated var current: ChildProcess { child.withLock { $0 } }

  /// libpq's quoting of a value in a key=value list.
  private static func quoted(_ value: String) -> String {
    let escaped = value.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: "'", with: "\\'")
    return "'\(escaped)'"
  }
}
