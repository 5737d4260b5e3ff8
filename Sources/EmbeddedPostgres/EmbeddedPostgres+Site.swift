// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension EmbeddedPostgres {
  /// The prepared directories and programs of one server, and the blocking work on them.
  struct Site: Sendable {
    let configuration: Configuration
    let account: ServerAccount
    let data: DataDirectory
    let binaries: ServerBinaries
    let socket: SocketDirectory
    let log: ServerLog
  }
}

extension EmbeddedPostgres.Site {
  /// Finds the programs and places the directories; fills an empty data directory.
  static func prepare(
    _ configuration: EmbeddedPostgres.Configuration
  ) throws(EmbeddedPostgresError) -> Self {
    let account = try ServerAccount.current()
    let asked = configuration.absoluteDataDirectory
    try DataDirectory.makeDirectories((asked as NSString).deletingLastPathComponent)
    return try StartLock.holding(asked) { () throws(EmbeddedPostgresError) in
      let data = try DataDirectory.place(asked, account: account)
      let binaries = try binaries(for: data, configuration)
      try data.initialise(
        binaries: binaries, account: account, superuser: configuration.superuser,
        flushed: configuration.isFlushed)
      let socket = try SocketDirectory.make(
        configuration.socketDirectory, port: configuration.port, account: account)
      return Self(
        configuration: configuration, account: account, data: data, binaries: binaries,
        socket: socket, log: ServerLog(path: configuration.absoluteLogFile))
    }
  }

  private static func binaries(
    for data: DataDirectory, _ configuration: EmbeddedPostgres.Configuration
  ) throws(EmbeddedPostgresError) -> ServerBinaries {
    if let chosen = configuration.binaries { return chosen }
    return try ServerBinaries.find(majorVersion: data.majorVersion)
  }

  /// Starts `postgres` and waits for its `ready` line, or for the `standby` line of one that takes
  /// readers only; a server that is not ready is ended.
  func launch() throws(EmbeddedPostgresError) -> ChildProcess {
    try StartLock.holding(data.asked) { () throws(EmbeddedPostgresError) in
      let socketLock = socket.socket(port: configuration.port) + ".lock"
      try data.claim(socketLock: socketLock, within: .seconds(5))
      let (output, logStart) = try log.open()
      defer { close(output) }
      let command =
        [binaries.path("postgres"), "-D", data.path]
        + configuration.arguments(socketDirectory: socket.path)
      let child = try ChildProcess.start(
        .init(
          command: account.command(command, deathSignal: "INT"), output: output,
          ownSession: true))
      try waitUntilReady(child, logStart: logStart)
      return child
    }
  }

  private func waitUntilReady(
    _ child: ChildProcess, logStart: Int64
  ) throws(EmbeddedPostgresError) {
    let deadline = ContinuousClock.now + configuration.startLimit
    while true {
      if let status = child.waitBlocking(atMost: .milliseconds(5)) {
        throw .exitedEarly(status: status, log: log.tail(since: logStart))
      }
      // The process id tells our server's file from one that a dead server left.
      if let file = PostmasterFile.read(in: data.path), file.processID == child.processID,
        file.status == "ready" || file.status == "standby"
      {
        return
      }
      guard ContinuousClock.now < deadline else {
        Self.kill(child)
        throw .notReady(within: configuration.startLimit, log: log.tail(since: logStart))
      }
    }
  }

  /// Kills the postmaster and its children by the numbers the kernel gives, and waits for all.
  ///
  /// The postmaster is halted first: so it makes no further children, and its dead ones stay
  /// zombies whose numbers cannot be given to anybody else.
  @discardableResult
  static func kill(_ child: ChildProcess) -> ExitStatus {
    child.send(SIGSTOP)
    wait {
      child.exitStatus != nil || ["T", "Z"].contains(ProcessTable.state(of: child.processID))
    }
    let backends = child.exitStatus == nil ? ProcessTable.children(of: child.processID) : []
    for backend in backends { Glibc.kill(backend, SIGKILL) }
    wait { !backends.contains(where: ProcessTable.isAlive) }
    child.send(SIGKILL)
    return child.waitBlocking(atMost: .seconds(60)) ?? .signalled(SIGKILL)
  }

  /// Nothing outlives SIGKILL but a process inside the kernel: ten seconds, then go on without it.
  private static func wait(until condition: () -> Bool) {
    let deadline = ContinuousClock.now + .seconds(10)
    while !condition(), ContinuousClock.now < deadline { usleep(500) }
  }

  /// `stop` removed a temporary socket directory; a restart needs the same path again.
  func remakeSocketDirectory() throws(EmbeddedPostgresError) {
    _ = try SocketDirectory.make(socket.path, port: configuration.port, account: account)
  }
}

/// A file lock that keeps two processes from preparing the same directory at once. The kernel
/// lets go of it when the holder dies.
private enum StartLock {
  static func holding<T>(
    _ path: String, _ body: () throws(EmbeddedPostgresError) -> T
  ) throws(EmbeddedPostgresError) -> T {
    let file = "\(path).lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .lastSystemError("open", file) }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw .inUse(path: path, processID: nil)
    }
    // Unlocked by name: a child of another thread that has not reached its exec yet shares the
    // descriptor, and closing ours alone would leave the lock with it.
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }
}
