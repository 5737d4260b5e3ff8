// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import HansardClient

/// What something else than the service answers, or the service while it is busy with an earlier try,
/// costs nothing that was taken.
struct ForeignAnswerTests {
  static let answers: [ScriptedServer.Reply] = [
    .redirect("/login"), .answer(400, ""), .answer(401, "<html>"), .answer(403, "<html>blocked"),
    .answer(404, "{}"), .answer(404, #"{"message":"no route"}"#), .answer(405, "[]"),
    .answer(410, ""), .answer(413, "<html>"), .answer(422, "{}"), .answer(500, "<html>"),
    .answer(200, "<html>portal"),
    .fields(404, #"{"code":"not_found"}"#, ["Content-Type": "application/json"]),
    Answers.refusal(409, "request_in_progress"), Answers.refusal(408, "request_timeout"),
  ]

  @Test(arguments: answers)
  func theBufferIsHeldBack(answer: ScriptedServer.Reply) async throws {
    let service = RecoveryServer()
    let losses = LoggerStage.Losses()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, number in number < 40 ? answer : service.reply(to: request) },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: losses)
          for number in 0..<5 {
            await logger.logRecoveryAttempt(LoggerStage.attempt("m\(number)"), session: "s")
          }
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.messages == (0..<5).map { "m\($0)" })
          #expect(losses.reasons == [] && service.surprises == [])
          await logger.close()
        })
    }
  }

  @Test(arguments: answers)
  func aRecordingSessionTriesAgain(answer: ScriptedServer.Reply) async throws {
    let service = EventServer()
    let failures = Mutex(0)
    try await ScriptedServer.with(
      { request, number in number < 8 ? answer : service.reply(to: request) },
      { server in
        let session = try client(of: server, attempts: 1).session(
          for: "r-1",
          options: .init(
            longestPause: .milliseconds(5), onFailure: { _ in failures.withLock { $0 += 1 } }))
        for number in 0..<7 { try await session.record(.init(type: "step", json: "\(number)")) }
        let progress = try await session.close(within: .seconds(20))
        #expect(progress.recorded == 7 && progress.failed == 0)
      })
    #expect(service.numbers == (0..<7).map { Int64($0) } && failures.withLock { $0 } == 0)
  }

  /// A proxy's limit on bodies is no reason to wait: halves may pass.
  @Test func whatIsTooLargeForAProxyGoesInPieces() async throws {
    let (recovery, events) = (RecoveryServer(), EventServer())
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in
          if request.body.utf8.count > 1000 { return .answer(413, "<html>") }
          return request.path.contains("recovery")
            ? recovery.reply(to: request) : events.reply(to: request)
        },
        { server in
          let logger = try await LoggerStage.open(server, directory)
          for number in 0..<20 {
            await logger.logRecoveryAttempt(LoggerStage.attempt("m\(number)"), session: "s")
          }
          #expect(await logger.flush(within: .seconds(20)))
          await logger.close()
          let session = try client(of: server, attempts: 1).session(for: "r-1")
          for number in 0..<50 { try await session.record(.init(type: "step", json: "\(number)")) }
          try await session.close(within: .seconds(20))
        })
    }
    #expect(recovery.messages == (0..<20).map { "m\($0)" })
    #expect(events.numbers == (0..<50).map { Int64($0) })
  }
}
