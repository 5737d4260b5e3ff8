// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON
import Synchronization
import TestSupport
import Testing

@testable import HansardClient

/// The wrapper around a recovery: every attempt is logged, and no log stops it.
struct AttemptRecoveryTests {
  private struct Broken: Error, CustomStringConvertible {
    let description = "still broken"
  }

  private let error = RecoverableError(type: "SyntaxError", message: "brace", source: "compiler")

  private func recovering(
    _ reply: @escaping @Sendable (ScriptedServer.Request, Int) -> ScriptedServer.Reply,
    bytes: Int = 1 << 20, _ body: (RecoveryAuditLogger) async throws -> Void
  ) async throws {
    let directory = try TemporaryDirectory.make("attempting")
    defer { TemporaryDirectory.remove(directory) }
    try await ScriptedServer.with(
      reply,
      { server in
        let logger = try await RecoveryAuditLogger.open(
          client: client(of: server, attempts: 1), directory: directory,
          options: .init(bufferBytes: bytes, longestPause: .milliseconds(5)))
        try await body(logger)
        await logger.close()
      })
  }

  private func member(_ entry: RecoveryServer.Entry, _ name: String) throws -> String? {
    let root = try JSONDocument(parsing: Array(entry.body.utf8)).root
    return root[name].map { String(decoding: $0.rawBytes, as: UTF8.self) }
  }

  private func members(_ entry: RecoveryServer.Entry) throws -> [String: String] {
    var members: [String: String] = [:]
    for member in try JSONDocument(parsing: Array(entry.body.utf8)).root.members {
      members[member.key] = String(decoding: member.value.rawBytes, as: UTF8.self)
    }
    return members
  }

  @Test func triesUntilOneWorksAndLogsEach() async throws {
    let service = RecoveryServer()
    try await recovering(
      { request, _ in service.reply(to: request) },
      { logger in
        let result = await logger.attemptRecovery(
          from: error, session: "s", links: .init(agentID: "a", recordingID: "r")
        ) { strategy, number in
          switch number {
          case 1: throw Broken()
          case 2:
            var outcome = RecoveryOutcome(success: false, message: "no")
            outcome.errorAfter = .init(type: "ImportError", message: "other")
            return outcome
          default: return .recovered
          }
        }
        #expect(result.success && result.strategy == .alternative && result.attempts == 3)
        #expect(result.errorLeft == nil && result.unlogged == 0 && result.sessionID == "s")
        #expect(await logger.flush(within: .seconds(20)))
        let entries = service.entries
        func all(_ name: String) throws -> [String?] { try entries.map { try member($0, name) } }
        #expect(try all("strategy") == [#""fix""#, #""retry""#, #""alternative""#])
        #expect(try all("next_action") == [#""retry""#, #""retry""#, #""complete""#])
        #expect(try all("success") == ["false", "false", "true"])
        #expect(try all("error_type") == [#""SyntaxError""#, #""Broken""#, #""ImportError""#])
        #expect(
          try all("error_after") == [#""Broken: still broken""#, #""ImportError: other""#, nil])
        #expect(try all("agent_id") == [#""a""#, #""a""#, #""a""#])
        #expect(try all("recording_id") == [#""r""#, #""r""#, #""r""#])
        for duration in try all("duration_seconds") {
          #expect((0..<60).contains(Double(duration ?? "-1") ?? -1))
        }
      })
  }

  /// Each attempt has its context, and nothing that is known of it is left out.
  @Test func logsAllThatIsKnown() async throws {
    let service = RecoveryServer()
    let context = #"{"task": "build", "tries": [1, null]}"#
    var known = error
    (known.stackTrace, known.file, known.line) = ("parse()\nmain()", "main.swift", 7)
    try await recovering(
      { request, _ in service.reply(to: request) },
      { [known] logger in
        let result = await logger.attemptRecovery(
          from: known, context: Array(context.utf8), session: "s",
          links: .init(agentID: "a", userID: "u", recordingID: "r", canvasID: "c"),
          strategies: [.rollback, .fix]
        ) { _, number in
          guard number == 1 else { return .recovered }
          var outcome = RecoveryOutcome(success: false, message: "undone")
          outcome.changesMade = ["Added the brace", "Took it out"]
          outcome.filesModified = ["main.swift"]
          outcome.rollbackPerformed = true
          outcome.errorAfter = .init(type: "ImportError", message: "other")
          return outcome
        }
        #expect(result.success && result.unlogged == 0)
        #expect(await logger.flush(within: .seconds(20)))
        let contexts = try service.entries.map { try member($0, "context") }
        #expect(contexts == [context, context])
        let entry = try #require(service.entries.first)
        var sent = try members(entry)
        // What no test can foretell.
        let id = sent.removeValue(forKey: "entry_id")
        let timestamp = sent.removeValue(forKey: "timestamp")
        let duration = sent.removeValue(forKey: "duration_seconds")
        #expect(id == "\"\(entry.id)\"" && timestamp?.hasSuffix(#"Z""#) == true)
        #expect((0..<60).contains(Double(duration ?? "-1") ?? -1))
        let expected: [String: String] = [
          "error_type": #""SyntaxError""#, "strategy": #""rollback""#, "success": "false",
          "changes_made": #"["Added the brace","Took it out"]"#,
          "files_modified": #"["main.swift"]"#, "rollback_performed": "true",
          "next_action": #""retry""#, "error_message": #""brace""#,
          "recovery_message": #""undone""#, "error_after": #""ImportError: other""#,
          "source": #""compiler""#, "stack_trace": #""parse()\nmain()""#,
          "file": #""main.swift""#, "line": "7", "context": context, "agent_id": #""a""#,
          "user_id": #""u""#, "recording_id": #""r""#, "canvas_id": #""c""#,
        ]
        #expect(sent == expected)
      })
  }

  /// A context that is no JSON costs the log, not the recovery.
  @Test func recoversAlthoughTheContextIsNone() async throws {
    let service = RecoveryServer()
    try await recovering(
      { request, _ in service.reply(to: request) },
      { logger in
        let result = await logger.attemptRecovery(
          from: error, context: Array("{".utf8), session: "s"
        ) { _, _ in .recovered }
        #expect(result.success && result.unlogged == 1)
        #expect(await logger.flush(within: .seconds(20)))
        #expect(service.entries == [])
      })
  }

  @Test func escalatesWhenNothingIsLeft() async throws {
    let service = RecoveryServer()
    try await recovering(
      { request, _ in service.reply(to: request) },
      { logger in
        let result = await logger.attemptRecovery(
          from: error, strategies: [.fix, "pray"]
        ) { _, _ in throw Broken() }
        #expect(!result.success && result.attempts == 2)
        #expect(result.errorLeft == .init(type: "Broken", message: "still broken"))
        #expect(await logger.flush(within: .seconds(20)))
        let next = try service.entries.map { try member($0, "next_action") }
        #expect(next == [#""retry""#, #""escalate""#])
        #expect(service.sessions == [result.sessionID] && result.sessionID.hasPrefix("session_"))
      })
  }

  /// A log that is full, or closed, is no reason not to recover.
  @Test func recoversAlthoughNothingCanBeLogged() async throws {
    try await recovering(
      { _, _ in .silence }, bytes: 10,
      { logger in
        let full = await logger.attemptRecovery(from: error, strategies: [.fix]) { _, _ in
          .recovered
        }
        #expect(full.success && full.unlogged == 1)
        await logger.close()
        let closed = await logger.attemptRecovery(from: error) { _, _ in .recovered }
        #expect(closed.success && closed.unlogged == 1)
      })
  }

  @Test func cancellationEndsTheSeries() async throws {
    let service = RecoveryServer()
    try await recovering(
      { request, _ in service.reply(to: request) },
      { logger in
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (held, hold) = AsyncStream.makeStream(of: Void.self)
        defer { hold.finish() }
        let task = Task {
          await logger.attemptRecovery(from: error, session: "s") { _, _ in
            begin.yield()
            // Nothing comes: cancelling ends it.
            for await _ in held {}
            try Task.checkCancellation()
            return .recovered
          }
        }
        for await _ in begun { break }
        task.cancel()
        let result = await task.value
        #expect(!result.success && result.attempts == 1)
        #expect(await logger.flush(within: .seconds(20)))
        // It was the last one, and is told as such.
        let next = try service.entries.map { try member($0, "next_action") }
        #expect(next == [#""escalate""#])
      })
  }
}
