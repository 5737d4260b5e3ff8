// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation

/// Runs programs to their end, and ends them when the bench is interrupted.
enum Tool {
  /// The path of a program: in `directories`, else on the `PATH`.
  static func find(_ name: String, in directories: [String] = []) throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let places = directories + path.split(separator: ":").map(String.init)
    let found = places.map { "\($0)/\(name)" }
      .first { (path: String) in access(path, X_OK) == 0 }
    guard let found else { throw BenchError("\(name) is not installed: run scripts/setup --bench") }
    return found
  }

  /// Runs a command and returns what it printed; throws with that where it failed.
  ///
  /// A cancelled task sends it SIGTERM; `limit` passing, SIGKILL.
  @discardableResult
  static func run(
    _ command: [String], environment: [String: String] = [:], within limit: Duration
  ) async throws -> String {
    try Task.checkCancellation()
    let file = try outputFile()
    let child = try ChildProcess.start(
      .init(
        command: command,
        environment: ChildProcess.plainEnvironment.merging(environment) { $1 },
        output: file.fileDescriptor))
    let status = await withTaskCancellationHandler {
      await blocking { child.waitBlocking(atMost: limit) }
    } onCancel: {
      child.send(SIGTERM)
    }
    if status == nil {
      child.send(SIGKILL)
      _ = await child.wait()
    }
    try Task.checkCancellation()
    try file.seek(toOffset: 0)
    let output = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    guard status == .exited(0) else {
      let how = status?.description ?? "did not end within \(limit)"
      throw BenchError("\(command[0]): \(how)\n\(output)")
    }
    return output
  }

  /// An unlinked file: a pipe would have to be drained meanwhile.
  private static func outputFile() throws -> FileHandle {
    var template = Array("/tmp/hansard-bench-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw BenchError("no temporary file: errno \(errno)") }
    unlink(template)
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}

/// Runs blocking work on a thread made for it, so that no thread of the cooperative pool waits.
func blocking<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
  await withCheckedContinuation { continuation in
    let thread = Thread { continuation.resume(returning: work()) }
    thread.stackSize = 1 << 20
    thread.start()
  }
}
