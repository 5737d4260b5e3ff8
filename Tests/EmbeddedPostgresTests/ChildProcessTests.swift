// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import EmbeddedPostgres

@Suite struct ChildProcessTests {
  @Test func returnsStatusAndOutput() async throws {
    let answer = try await ChildProcess.run(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"])
    #expect(answer.status == .exited(3))
    #expect(answer.output == "out\nerr\n")
  }

  @Test func endsWhatTakesTooLong() async throws {
    let answer = try await ChildProcess.run(
      ["/bin/sh", "-c", "echo begun; exec sleep 600"], within: .milliseconds(200))
    #expect(answer.status == .signalled(SIGKILL))
    #expect(answer.output == "begun\n")
  }

  @Test func saysThatAProgramIsMissing() async throws {
    await #expect(
      throws: EmbeddedPostgresError.system(
        operation: "spawn", path: "/nowhere/program", code: ENOENT)
    ) {
      try await ChildProcess.run(["/nowhere/program"])
    }
  }

  @Test func inheritsNothing() async throws {
    let open = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/etc/passwd"))
    // Not closed on exec by itself.
    #expect(fcntl(open.fileDescriptor, F_SETFD, 0) == 0)
    let answer = try await ChildProcess.run(
      ["/bin/sh", "-c", "for n in /proc/$$/fd/*; do readlink $n; done; env"],
      environment: ["ONLY": "this"])
    #expect(!answer.output.contains("/etc/passwd"))
    #expect(answer.output.contains("ONLY=this"))
    #expect(!answer.output.contains("HOME="))
    try open.close()
  }

  @Test func signalsNobodyAfterTheEnd() async throws {
    let child = try ChildProcess.start(.init(command: ["/bin/sh", "-c", "exit 0"]))
    #expect(await child.wait() == .exited(0))
    #expect(!child.send(SIGTERM))
  }

  @Test func aMaskOfTheParentDoesNotMakeItDeaf() async throws {
    let child = try startWithSIGTERMBlocked(.init(command: ["/bin/sleep", "600"]))
    #expect(child.send(SIGTERM))
    #expect(child.waitBlocking(atMost: .seconds(10)) == .signalled(SIGTERM))
    child.send(SIGKILL)
  }

  /// The thread that spawns inherits the mask of this one.
  private func startWithSIGTERMBlocked(_ launch: ChildProcess.Launch) throws -> ChildProcess {
    var blocked = sigset_t()
    var before = sigset_t()
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try ChildProcess.start(launch)
  }
}
