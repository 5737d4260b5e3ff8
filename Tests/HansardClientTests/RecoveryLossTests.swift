// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardJSON
import Synchronization
import TestSupport
import Testing

@testable import HansardClient

/// Whatever is not logged is told of, and costs nothing else.
struct RecoveryLossTests {
  @Test func aFullBufferKeepsTheFirstAndTellsOfTheRest() async throws {
    let service = RecoveryServer()
    let isAway = Mutex(true)
    let losses = LoggerStage.Losses()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in
          isAway.withLock { $0 } ? .answer(503, "{}") : service.reply(to: request)
        },
        { server in
          let logger = try await LoggerStage.open(server, directory, bytes: 8000, losses: losses)
          var kept = 0
          while case .buffered = await logger.logRecoveryAttempt(
            LoggerStage.attempt("m\(kept)"), session: "s"), kept < 1000
          {
            kept += 1
          }
          #expect((10..<100).contains(kept))
          #expect(losses.reasons == [.bufferFull])
          #expect(await logger.status.lost == 1)
          isAway.withLock { $0 = false }
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.messages == (0..<kept).map { "m\($0)" })
          await logger.logRecoveryAttempt(LoggerStage.attempt("again"), session: "s")
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.messages.last == "again")
          await logger.close()
        })
    }
  }

  /// One attempt that the service will not have is told of; the others arrive.
  @Test(arguments: [400, 404, 409, 413, 422, 500])
  func aRefusedAttemptIsLostAlone(status: Int) async throws {
    let service = RecoveryServer()
    let losses = LoggerStage.Losses()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in
          request.body.contains("poison")
            ? Answers.refusal(status, "no") : service.reply(to: request)
        },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: losses)
          for number in 0..<9 {
            await logger.logRecoveryAttempt(
              LoggerStage.attempt(number == 4 ? "poison" : "m\(number)"), session: "s")
          }
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.messages == [0, 1, 2, 3, 5, 6, 7, 8].map { "m\($0)" })
          let told = losses.all.withLock { $0 }
          #expect(told.count == 1 && told.first?.sessionID == "s" && told.first?.entryID != nil)
          guard case .refused(.problem(let problem))? = told.first?.reason else {
            Issue.record("\(told)")
            return
          }
          #expect(problem.status == status)
          await logger.close()
        })
      #expect(service.surprises == [])
    }
  }

  @Test func whatCannotBeLoggedIsToldOfAndThrowsNothing() async throws {
    let losses = LoggerStage.Losses()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { _, _ in .hangUp },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: losses)
          for duration in [Double.nan, .infinity, -1] {
            var bad = LoggerStage.attempt("m")
            bad.durationSeconds = duration
            guard case .lost(.invalid) = await logger.logRecoveryAttempt(bad, session: "s") else {
              Issue.record("\(duration)")
              return
            }
          }
          var bad = LoggerStage.attempt("m")
          bad.context = Array("{".utf8)
          await logger.logRecoveryAttempt(bad, session: "s")
          await logger.logRecoveryAttempt(LoggerStage.attempt("m"), session: "../../etc/passwd")
          #expect(losses.reasons.count == 5)
          #expect(await logger.pendingBytes() == 0)
          await #expect(throws: HansardClientError.self) { try await logger.startSession("a/b") }
          await logger.close()
        })
    }
  }

  /// Attempts of a group that were settled are neither told of nor counted again because a later one of it
  /// makes the service fail.
  @Test func whatWasSettledStaysSettled() async throws {
    let service = RecoveryServer()
    let losses = LoggerStage.Losses()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in
          if request.body.contains("crash") { return Answers.refusal(500, "internal_error") }
          return request.body.contains("poison")
            ? Answers.refusal(422, "bad_value") : service.reply(to: request)
        },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: losses)
          for message in ["m0", "poison", "m1", "crash", "m2"] {
            await logger.logRecoveryAttempt(LoggerStage.attempt(message), session: "s")
          }
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.messages == ["m0", "m1", "m2"] && losses.reasons.count == 2)
          let status = await logger.status
          #expect(status.delivered == 3 && status.lost == 2)
          await logger.close()
        })
    }
  }

  @Test func damageIsToldOf() async throws {
    let service = RecoveryServer()
    let losses = LoggerStage.Losses()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { _, _ in .hangUp },
        { server in
          let logger = try await LoggerStage.open(server, directory)
          for number in 0..<5 {
            await logger.logRecoveryAttempt(LoggerStage.attempt("m\(number)"), session: "s")
          }
          await logger.close()
        })
      let file = URL(fileURLWithPath: "\(directory)/segment-0000000000000001.log")
      var text = try String(contentsOf: file, encoding: .utf8)
      text = text.replacingOccurrences(of: "\"m2\"", with: "\"mX\"")
      try Data((text + "h1 0000").utf8).write(to: file)
      try await ScriptedServer.with(
        // Read many times before it is passed.
        { request, number in number < 9 ? .answer(503, "{}") : service.reply(to: request) },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: losses)
          #expect(losses.reasons == [.damaged(lines: 1)], "the tail that was cut")
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.messages == ["m0", "m1", "m3", "m4"])
          #expect(losses.reasons == [.damaged(lines: 1), .damaged(lines: 1)])
          let status = await logger.status
          #expect(status.lost == 2 && status.delivered == 4)
          await logger.close()
        })
    }
  }
}
