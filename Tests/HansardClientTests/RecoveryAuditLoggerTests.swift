// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardJSON
import Synchronization
import TestSupport
import Testing

@testable import HansardClient

/// Attempts arrive once and in order, whatever the service does; and recovering never fails for it.
struct RecoveryAuditLoggerTests {
  @Test func attemptsArriveInOrderWithAllTheirFields() async throws {
    let service = RecoveryServer()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in service.reply(to: request) },
        { server in
          let logger = try await LoggerStage.open(server, directory)
          let session = try await logger.startSession("deploy-1", agentID: "a")
          var full = LoggerStage.attempt("m0")
          full.timestamp = Date(timeIntervalSince1970: 1_700_000_000)
          full.attemptNumber = 3
          full.changesMade = ["c"]
          full.filesModified = ["f"]
          full.rollbackPerformed = true
          full.nextAction = .complete
          full.recoveryMessage = "r"
          full.errorAfter = "e"
          full.source = "s"
          full.stackTrace = "t"
          full.file = "x.swift"
          full.line = 7
          full.context = Array("{\"a\":\n1.50}".utf8)
          full.agentID = "a"
          full.userID = "u"
          full.recordingID = "rec"
          full.canvasID = "can"
          guard case .buffered(let id) = await logger.logRecoveryAttempt(full) else {
            Issue.record("lost")
            return
          }
          for number in 1..<450 {
            await logger.logRecoveryAttempt(LoggerStage.attempt("m\(number)"))
          }
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.sessions == [session] && session == "deploy-1")
          #expect(service.messages == (0..<450).map { "m\($0)" })
          #expect(
            service.entries.first?.body
              == #"{"entry_id":"\#(id)","timestamp":"2023-11-14T22:13:20.000000Z","#
              + #""error_type":"TestError","strategy":"fix","attempt_number":3,"success":true,"#
              + #""changes_made":["c"],"files_modified":["f"],"rollback_performed":true,"#
              + #""next_action":"complete","duration_seconds":1.5,"error_message":"m0","#
              + #""recovery_message":"r","error_after":"e","source":"s","stack_trace":"t","#
              + #""file":"x.swift","line":7,"context":{"a": 1.50},"agent_id":"a","user_id":"u","#
              + #""recording_id":"rec","canvas_id":"can"}"#)
          #expect(server.requests.count < 450)
          #expect(try await logger.recoveryStatistics(session).totalAttempts == 450)
          #expect(try await logger.allSessionIDs() == ["deploy-1"])
          let status = await logger.status
          #expect(status.buffered == 451 && status.delivered == 451 && status.lost == 0)
          await logger.close()
        })
      #expect(service.surprises == [])
    }
  }

  /// Answers get lost, or say that it is not known whether it was done.
  @Test func lostAnswersDoubleNothing() async throws {
    let service = RecoveryServer()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, number in
          switch number % 5 {
          case 0: return .hangUp
          case 1:
            _ = service.reply(to: request)
            return .hangUp
          case 2: return Answers.refusal(503, "database_unavailable", retryAfter: 0)
          case 3: return .answer(200, "<html>captive portal</html>")
          default: return service.reply(to: request)
          }
        },
        { server in
          let logger = try await LoggerStage.open(server, directory)
          for number in 0..<120 {
            await logger.logRecoveryAttempt(
              LoggerStage.attempt("m\(number)"), session: "s\(number / 40)")
          }
          #expect(await logger.flush(within: .seconds(30)))
          #expect(service.messages == (0..<120).map { "m\($0)" })
          #expect(service.surprises == [])
          await logger.close()
        })
    }
  }

  /// What one process leaves, the next one sends; nobody waits for a service that is away.
  @Test(.timeLimit(.minutes(1)))
  func theNextProcessSendsWhatIsLeft() async throws {
    let service = RecoveryServer()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { _, _ in .silence },
        { server in
          let logger = try await LoggerStage.open(server, directory)
          for number in 0..<10 {
            await logger.logRecoveryAttempt(LoggerStage.attempt("m\(number)"), session: "s")
          }
          #expect(await logger.pendingBytes() > 0)
          #expect(await logger.flush(within: .milliseconds(20)) == false)
          await #expect(throws: HansardClientError.bufferInUse(directory)) {
            try await LoggerStage.open(server, directory)
          }
          await logger.close()
          #expect(await logger.logRecoveryAttempt(LoggerStage.attempt("late")) == .lost(.closed))
          #expect(await logger.flush(within: .seconds(1)) == false)
        })
      try await ScriptedServer.with(
        { request, _ in service.reply(to: request) },
        { server in
          let logger = try await LoggerStage.open(server, directory)
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.messages == (0..<10).map { "m\($0)" })
          await logger.close()
        })
    }
  }

  @Test(arguments: [401, 403])
  func aKeyThatIsNotLiveHoldsEverythingBack(status: Int) async throws {
    let service = RecoveryServer()
    let isRefused = Mutex(true)
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in
          isRefused.withLock { $0 }
            ? Answers.refusal(status, "unauthenticated") : service.reply(to: request)
        },
        { server in
          let logger = try await LoggerStage.open(server, directory)
          await logger.logRecoveryAttempt(LoggerStage.attempt("m"), session: "s")
          try await eventually { await logger.status.trouble != nil }
          #expect(await logger.flush(within: .milliseconds(1)) == false)
          isRefused.withLock { $0 = false }
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.messages == ["m"])
          #expect(await logger.status.lost == 0)
          await logger.close()
        })
    }
  }

  @Test func aSessionThatIsThereIsContinued() async throws {
    let service = RecoveryServer()
    let losses = LoggerStage.Losses()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in service.reply(to: request) },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: losses)
          for _ in 0..<2 { try await logger.startSession("s") }
          await logger.logRecoveryAttempt(LoggerStage.attempt("m"))
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.sessions == ["s"] && service.messages == ["m"] && losses.reasons == [])
          await logger.close()
        })
    }
  }
}
