// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import HansardClient
import Protection
import Synchronization
import TestSupport
import Testing

/// The Swift client's side of the recovery audit against a real service.
@Suite(.serialized, .exclusive)
struct ClientRecoveryTests {
  private struct Stage: Sendable {
    let service: Service
    let keys: [String: String]
    let directory: String

    func client(_ name: String) throws -> HansardClient {
      try ClientCalls.client(service, keys[name])
    }

    func logger(
      _ name: String, onLoss: @escaping @Sendable (RecoveryAuditLogger.Loss) -> Void = { _ in }
    ) async throws -> RecoveryAuditLogger {
      try await .open(
        client: try client(name), directory: "\(directory)/buffer",
        options: .init(longestPause: .milliseconds(200), onLoss: onLoss))
    }
  }

  private func with(
    _ name: String, _ body: (Stage) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    let keys = try await deployment.makeTenant(name).makeKeys([
      "recorder": .init("recorder"), "member": .init("member", user: "alice"),
      "admin": .init("admin"),
    ]).mapValues(\.text)
    let directory = try TemporaryDirectory.make("client-recovery")
    defer { TemporaryDirectory.remove(directory) }
    try await deployment.withService { service in
      try await body(Stage(service: service, keys: keys, directory: directory))
    }
  }

  @Test func theExampleRecovers() async throws {
    try await with("swift recovery example") { stage in
      let outcome = try await Executable.run(
        [],
        environment: [
          "HANSARD_URL": stage.service.url, "HANSARD_MEMBER_KEY": stage.keys["member"] ?? "",
          "HANSARD_BUFFER": "\(stage.directory)/buffer",
        ],
        program: try Companion.path("hansard-example-recover"))
      #expect(outcome.status == .exited(0), "\(outcome.output)")
      #expect(
        outcome.output.contains("2 attempts, recovered: true\ndelivered\n"), "\(outcome.output)")
      let client = try stage.client("member")
      let sessions = try await client.recoverySessions()
      let session = try #require(sessions.first)
      #expect(sessions.count == 1 && outcome.output.contains("\(session): 2 attempts"))

      let history = try await client.recoveryHistory(of: session)
      #expect(history.map(\.attemptNumber) == [1, 2])
      #expect(history.map(\.strategy) == [.fix, .retry])
      #expect(history.map(\.success) == [false, true])
      #expect(history.map(\.nextAction) == ["retry", "complete"])
      #expect(history.map(\.errorMessage) == ["Missing brace", "Unbalanced()"])
      #expect(history.map(\.recoveryMessage) == ["Unbalanced()", "Compiles again"])
      #expect(history.map(\.changesMade) == [[], ["Added the brace"]])
      #expect(history.map(\.filesModified) == [[], ["main.swift"]])
      #expect(history.allSatisfy { $0.sessionID == session && $0.durationSeconds >= 0 })

      let statistics = try await client.recoveryStatistics(of: session)
      #expect(statistics.sessionID == session && statistics.sessionStart != nil)
      #expect(statistics.totalAttempts == 2 && statistics.successfulAttempts == 1)
      #expect(statistics.failedAttempts == 1 && statistics.successRate == 50)
      #expect(statistics.strategiesUsed == ["fix": 1, "retry": 1])
      #expect(statistics.errorTypeDistribution == ["SyntaxError": 1, "Unbalanced": 1])
      #expect(statistics.filesModifiedCount == 1 && statistics.filesModified == ["main.swift"])
      #expect(statistics.rollbackCount == 0)
      #expect(statistics.firstAttemptTimestamp == history.first?.timestamp)
      #expect(statistics.lastAttemptTimestamp == history.last?.timestamp)

      let json = try JSONDocument(parsing: try await client.recoveryExport(of: session)).root
      #expect(json["total_entries"]?.raw == "2")
      #expect(
        try json["entries"]?.elements.map { try $0["entry_id"]?.text() }
          == history.map(\.entryID))
      let csv = String(
        decoding: try await client.recoveryExport(of: session, as: .csv), as: UTF8.self)
      #expect(csv.split(separator: "\r\n").count == 3 && csv.contains("Compiles again"))
      let text = String(
        decoding: try await client.recoveryReport(of: session, asText: true), as: UTF8.self)
      #expect(text.contains("Attempts: 2 (1 successful, 1 failed)"), "\(text)")
      let report = try JSONDocument(parsing: try await client.recoveryReport(of: session)).root
      #expect(report["summary"]?["success_rate"]?.raw == #""50.0%""#)
    }
  }

  /// What the service refuses is lost alone, and said; the rest arrives in its order, and in the recording.
  @Test func aBufferArrivesWholeButForWhatIsRefused() async throws {
    try await with("swift recovery logger") { stage in
      let recording = try await stage.client("member").start(.init(agentID: "a", reason: "r")).id
      let losses = Mutex<[RecoveryAuditLogger.Loss]>([])
      let logger = try await stage.logger("recorder") { loss in
        losses.withLock { $0.append(loss) }
      }
      let session = try await logger.startSession("deploy:1", agentID: "a", userID: "alice")
      for number in 1...250 {
        var attempt = RecoveryAttempt(
          errorType: "E", strategy: number == 7 ? "bad\u{7}word" : .retry,
          success: number == 250, durationSeconds: 0.25)
        attempt.errorMessage = "\(number)"
        attempt.recordingID = number == 250 ? recording : nil
        await logger.logRecoveryAttempt(attempt)
      }
      var huge = RecoveryAttempt(
        errorType: "E", strategy: .fix, success: false, durationSeconds: 1)
      huge.changesMade = Array(repeating: String(repeating: "x", count: 60_000), count: 5)
      await logger.logRecoveryAttempt(huge)
      let isDelivered = await logger.flush(within: .seconds(60))
      #expect(isDelivered)
      let status = await logger.status
      #expect(status.lost == 2 && status.delivered == 250, "\(status)")
      let reasons = losses.withLock { $0.map(\.reason) }
      let statuses = reasons.map { reason in
        guard case .refused(.problem(let problem)) = reason else { return 0 }
        return problem.status
      }
      #expect(statuses == [422, 413], "\(reasons)")

      let admin = try stage.client("admin")
      let history = try await admin.recoveryHistory(of: session)
      #expect(history.map(\.errorMessage) == (1...250).filter { $0 != 7 }.map { "\($0)" })
      #expect(history.map(\.attemptNumber) == Array(1...249))
      #expect(try await admin.recoveryStatistics(of: session).totalDurationSeconds == 62.25)
      let events = try await admin.events(of: recording)
      #expect(events.map(\.type) == ["recovery_attempt"])
      await logger.close()
    }
  }

  /// Attempts that are sent by hand answer with their receipts; a session that was cleared takes no more.
  @Test func receiptsAndClearing() async throws {
    try await with("swift recovery clearing") { stage in
      let admin = try stage.client("admin")
      let recording = try await stage.client("member").start(.init(agentID: "a", reason: "r")).id
      let session = try await admin.startRecoverySession(nil, agentID: "a", userID: "alice")
      var told = RecoveryAttempt(
        errorType: "E", strategy: .fix, success: true, durationSeconds: 1)
      told.recordingID = recording
      let untold = RecoveryAttempt(
        errorType: "E", strategy: "guess", success: false, durationSeconds: 0)
      let receipts = try await admin.logRecoveryAttempts([untold, told], in: session)
      #expect(receipts.map(\.attemptNumber) == [1, 2])
      #expect(receipts.map(\.recordingID) == [nil, recording] && receipts.map(\.seq) == [nil, 1])
      #expect(receipts.allSatisfy { $0.sessionID == session && $0.entryID.hasPrefix("entry_") })
      let one = try await admin.logRecoveryAttempts([untold], in: session)
      #expect(one.map(\.attemptNumber) == [3])

      try await admin.clearRecoverySession(session, reason: "no longer needed")
      let code = await ClientCalls.code {
        _ = try await admin.logRecoveryAttempts([untold], in: session)
      }
      #expect(code == "410 session_cleared")
      let again = await ClientCalls.code { _ = try await admin.startRecoverySession(session) }
      #expect(again == "409 session_exists")
      try await admin.clearAllRecoverySessions(reason: "no longer needed")
      let sessions = try await admin.recoverySessions()
      #expect(sessions == [])
    }
  }

  /// What a logger was told it reads back, in every form.
  @Test func whatIsLoggedIsReadBackWhole() async throws {
    try await with("swift recovery reading") { stage in
      let recording = try await stage.client("member").start(.init(agentID: "a", reason: "r")).id
      let logger = try await stage.logger("member")
      let context = Array(#"{"task": "build", "tries": [1, null]}"#.utf8)
      var error = RecoverableError(
        type: "SyntaxError", message: "Missing brace", source: "compiler")
      (error.stackTrace, error.file, error.line) = ("parse()\nmain()", "main.swift", 7)
      let result = await logger.attemptRecovery(
        from: error, context: context, session: "deploy:2",
        links: .init(agentID: "a", userID: "alice", recordingID: recording, canvasID: "c-1")
      ) { _, number in
        guard number == 1 else { return .recovered }
        var outcome = RecoveryOutcome(success: false)
        outcome.errorAfter = .init(type: "ImportError", message: "Other")
        return outcome
      }
      #expect(result.success && result.unlogged == 0)
      let isDelivered = await logger.flush(within: .seconds(60))
      #expect(isDelivered)

      let history = try await logger.recoveryHistory("deploy:2")
      #expect(history.map(\.strategy) == [.fix, .retry])
      let first = try #require(history.first)
      #expect(first.errorAfter == Array(#""ImportError: Other""#.utf8))
      #expect(first.source == "compiler" && first.stackTrace == "parse()\nmain()")
      #expect(first.file == "main.swift" && first.line == 7)
      let last = try #require(history.last)
      #expect(last.errorType == "ImportError" && last.errorAfter == nil && last.source == nil)
      #expect(last.stackTrace == nil && last.file == nil && last.line == nil)
      for entry in history {
        #expect(entry.context == context && entry.recordingID == recording)
        #expect(entry.agentID == "a" && entry.userID == "alice" && entry.canvasID == "c-1")
      }
      try await formsAgree(logger, "deploy:2", history)
      await logger.close()
    }
  }

  private func formsAgree(
    _ logger: RecoveryAuditLogger, _ session: String, _ history: [RecoveryEntry]
  ) async throws {
    let json = try JSONDocument(parsing: try await logger.exportAuditTrail(session)).root
    #expect(
      try json["entries"]?.elements.map { try $0["entry_id"]?.text() } == history.map(\.entryID))
    let csv = String(
      decoding: try await logger.exportAuditTrail(session, format: .csv), as: UTF8.self)
    #expect(csv.split(separator: "\r\n").count == 1 + history.count)
    for entry in history { #expect(csv.contains(entry.entryID)) }
    let report = try JSONDocument(parsing: try await logger.generateRecoveryReport(session)).root
    #expect(report["summary"]?["total_attempts"]?.raw == "2")
    #expect(report["detailed_entries"]?.raw == json["entries"]?.raw)
    let text = String(
      decoding: try await logger.generateRecoveryReport(session, asText: true), as: UTF8.self)
    #expect(text.contains("Attempts: 2 (1 successful, 1 failed)"), "\(text)")
    #expect(try await logger.recoveryStatistics(session).totalAttempts == 2)
  }
}
