// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import HansardClient

/// 403 may be about an attempt or about the key: what else is taken tells which.
struct ForbiddenAttemptTests {
  private func forbids(_ request: ScriptedServer.Request) -> Bool {
    request.body.contains("poison")
  }

  private func log(_ messages: [String], _ logger: RecoveryAuditLogger, in session: String = "s")
    async
  {
    for message in messages {
      await logger.logRecoveryAttempt(LoggerStage.attempt(message), session: session)
    }
  }

  /// Lends a logger of a service that forbids what is poison.
  private func withLogger(
    _ service: RecoveryServer, _ losses: LoggerStage.Losses,
    _ body: (RecoveryAuditLogger, ScriptedServer) async throws -> Void
  ) async throws {
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in
          forbids(request) ? Answers.refusal(403, "forbidden") : service.reply(to: request)
        },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: losses)
          try await body(logger, server)
          await logger.close()
        })
    }
  }

  /// The told statuses, all of them refusals.
  private func statuses(_ losses: LoggerStage.Losses) -> [Int] {
    losses.reasons.map { reason in
      guard case .refused(.problem(let problem)) = reason else { return 0 }
      return problem.status
    }
  }

  @Test(arguments: [[0], [4], [0, 1, 2], [1, 5, 7]])
  func forbiddenAttemptsAreLostAlone(at places: [Int]) async throws {
    let service = RecoveryServer()
    let losses = LoggerStage.Losses()
    try await withLogger(service, losses) { logger, _ in
      await log((0..<9).map { places.contains($0) ? "poison" : "m\($0)" }, logger)
      #expect(await logger.flush(within: .seconds(20)))
      #expect(service.messages.count == 9 - places.count)
      #expect(Set(service.messages).count == service.messages.count)
      #expect(statuses(losses) == places.map { _ in 403 })
      let status = await logger.status
      #expect(status.delivered == 9 - places.count && status.lost == places.count)
    }
    #expect(service.surprises == [])
  }

  /// Nothing is behind it that could tell: it stays until there is.
  @Test func theLastOneStaysUntilAnotherIsTaken() async throws {
    let service = RecoveryServer()
    let losses = LoggerStage.Losses()
    try await withLogger(service, losses) { logger, server in
      await log(["m0", "poison"], logger)
      try await eventually { server.requests.count > 30 }
      #expect(losses.reasons == [] && service.messages == ["m0"])
      await log(["m1"], logger, in: "t")
      #expect(await logger.flush(within: .seconds(20)))
      #expect(service.messages == ["m0", "m1"] && statuses(losses) == [403])
    }
  }

  /// More of them than one reading holds, in a session of somebody else.
  @Test func manyOfThemDoNotHoldTheOthersBack() async throws {
    let service = RecoveryServer()
    let losses = LoggerStage.Losses()
    try await withLogger(service, losses) { logger, _ in
      await log(Array(repeating: "poison", count: 1100), logger, in: "theirs")
      await log((0..<20).map { "m\($0)" }, logger)
      #expect(await logger.flush(within: .seconds(60)))
      #expect(service.messages == (0..<20).map { "m\($0)" })
      #expect(losses.reasons.count == 1100)
    }
    #expect(service.surprises == [])
  }

  @Test func aKeyWithoutItsRoleLosesNothing() async throws {
    let service = RecoveryServer()
    let losses = LoggerStage.Losses()
    let isRefused = Mutex(true)
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in
          isRefused.withLock { $0 }
            ? Answers.refusal(403, "forbidden") : service.reply(to: request)
        },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: losses)
          await log((0..<100).map { "m\($0)" }, logger)
          try await eventually { server.requests.count > 150 }
          #expect(await logger.flush(within: .milliseconds(1)) == false)
          isRefused.withLock { $0 = false }
          #expect(await logger.flush(within: .seconds(20)))
          #expect(Set(service.messages) == Set((0..<100).map { "m\($0)" }))
          #expect(service.messages.count == 100 && losses.reasons == [])
          #expect(await logger.status.delivered == 100)
          await logger.close()
        })
    }
  }

  @Test func patienceEnds() async throws {
    let losses = LoggerStage.Losses()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { _, _ in Answers.refusal(403, "forbidden") },
        { server in
          let logger = try await LoggerStage.open(
            server, directory, losses: losses, forbiddenPatience: .milliseconds(100))
          await log(["m0", "m1", "m2"], logger)
          #expect(await logger.flush(within: .seconds(20)))
          #expect(statuses(losses) == [403, 403, 403])
          await logger.close()
        })
    }
  }
}
