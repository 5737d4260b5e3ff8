// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import HansardClient
import TestSupport
import Testing

/// `kill -9` in the middle of logging, over and over, against a service that loses answers: what was
/// promised arrives, once and in order.
@Suite(.serialized)
struct KilledLoggerTests {
  /// What is wrong with what arrived, given what was promised.
  static func faults(promised: [String], arrived: [String]) -> [String] {
    var faults: [String] = []
    let there = Set(arrived)
    for message in promised where !there.contains(message) { faults.append("lost \(message)") }
    if there.count != arrived.count { faults.append("something arrived twice") }
    // Each round's messages count from 1; those of even and odd numbers are sessions of their own.
    var last: [String: Int] = [:]
    for message in arrived {
      let parts = message.split(separator: "-").compactMap { Int($0) }
      guard parts.count == 2 else { return faults + ["strange: \(message)"] }
      let lane = "\(parts[0])/\(parts[1] % 2)"
      if let before = last[lane], before >= parts[1] { faults.append("order: \(message)") }
      last[lane] = parts[1]
    }
    return faults
  }

  @Test func theJudgeSeesFaults() {
    #expect(Self.faults(promised: ["1-1", "1-2"], arrived: ["1-1", "1-2", "1-3"]) == [])
    #expect(Self.faults(promised: ["1-1", "1-2"], arrived: ["1-1"]) != [])
    #expect(Self.faults(promised: ["1-1"], arrived: ["1-1", "1-1"]) != [])
    #expect(Self.faults(promised: [], arrived: ["1-3", "1-1"]) != [])
  }

  @Test func loseAndDoubleNothing() async throws {
    let service = RecoveryServer()
    let directory = try TemporaryDirectory.make("killed")
    defer { TemporaryDirectory.remove(directory) }
    try await ScriptedServer.with(
      { request, number in
        switch number % 7 {
        case 2: return .hangUp
        case 4:
          _ = service.reply(to: request)
          return .hangUp
        case 5: return Answers.refusal(503, "overloaded", retryAfter: 0)
        default: return service.reply(to: request)
        }
      },
      { server in
        var promised: [String] = []
        for round in 1...5 {
          promised += try await life(round, of: server, in: directory)
        }
        let logger = try await RecoveryAuditLogger.open(
          client: client(of: server, attempts: 1), directory: "\(directory)/buffer",
          options: .init(longestPause: .milliseconds(5)))
        #expect(await logger.flush(within: .seconds(60)))
        await logger.close()
        #expect(promised.count >= 5 * 15)
        #expect(Self.faults(promised: promised, arrived: service.messages) == [])
        #expect(service.surprises == [])
      })
  }

  /// One life of a process that logs: what it was promised until it was killed.
  private func life(
    _ round: Int, of server: ScriptedServer, in directory: String
  ) async throws -> [String] {
    let file = "\(directory)/output-\(round)"
    let output = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    let child = try ChildProcess.start(
      .init(
        command: [
          try Companion.path("hansard-recovery-probe"), server.url, "\(directory)/buffer",
          "\(round)",
        ], output: output))
    close(output)
    let goal = 10 + 7 * round
    do {
      try await eventually("lines of the probe") {
        if let status = child.exitStatus { throw TestSupportError("the probe ended: \(status)") }
        return try lines(file).count >= goal
      }
    } catch {
      child.send(SIGKILL)
      throw error
    }
    child.send(SIGKILL)
    _ = await child.wait()
    return try lines(file)
  }

  private func lines(_ file: String) throws -> [String] {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let whole = text.lastIndex(of: "\n").map { text[..<$0] } ?? ""
    return whole.split(separator: "\n").map(String.init)
  }
}
