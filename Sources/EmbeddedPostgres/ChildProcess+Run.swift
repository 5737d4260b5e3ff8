// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ChildProcess {
  /// Runs a short command to its end and returns what it printed (both streams, as UTF-8).
  ///
  /// The output goes through an unlinked file: a pipe would have to be drained meanwhile.
  /// Blocks the calling thread; after `limit` the child is killed and its status says so.
  package static func runBlocking(
    _ command: [String], environment: [String: String] = plainEnvironment,
    within limit: Duration = .seconds(60)
  ) throws(EmbeddedPostgresError) -> (status: ExitStatus, output: String) {
    var template = Array("/tmp/hansard-output-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .lastSystemError("create", "/tmp/hansard-output-XXXXXX") }
    unlink(template)
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let child = try start(
      Launch(command: command, environment: environment, output: descriptor))
    var status = child.waitBlocking(atMost: limit)
    if status == nil {
      child.send(SIGKILL)
      status = child.waitBlocking(atMost: .seconds(10))
    }
    lseek(descriptor, 0, SEEK_SET)
    let bytes: Data
    do {
      bytes = try file.readToEnd() ?? Data()
    } catch {
      throw .lastSystemError("read output of", command.first ?? "")
    }
    return (status ?? .signalled(SIGKILL), String(decoding: bytes, as: UTF8.self))
  }

  /// The same, on a thread of its own: nothing of the cooperative pool waits.
  package static func run(
    _ command: [String], environment: [String: String] = plainEnvironment,
    within limit: Duration = .seconds(60)
  ) async throws(EmbeddedPostgresError) -> (status: ExitStatus, output: String) {
    try await onOwnThread { () throws(EmbeddedPostgresError) in
      try runBlocking(command, environment: environment, within: limit)
    }
  }
}

/// Runs blocking work on a thread made for it, so that no thread of the cooperative pool waits.
///
/// The work is not cancelled with the task: it carries its own deadlines.
func onOwnThread<T: Sendable>(
  _ work: @escaping @Sendable () throws(EmbeddedPostgresError) -> T
) async throws(EmbeddedPostgresError) -> T {
  let result: Result<T, EmbeddedPostgresError> = await withCheckedContinuation { continuation in
    let thread = Thread {
      do throws(EmbeddedPostgresError) {
        continuation.resume(returning: .success(try work()))
      } catch {
        continuation.resume(returning: .failure(error))
      }
    }
    thread.name = "blocking"
    thread.start()
  }
  return try result.get()
}
