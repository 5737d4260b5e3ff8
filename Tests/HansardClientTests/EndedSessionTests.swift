// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import HansardClient

/// Sessions that were cleared, or have expired, take no more; what comes later is not lost in them.
struct EndedSessionTests {
  /// A service with sessions that take no more.
  private final class Stage: Sendable {
    let service = RecoveryServer()
    let losses = LoggerStage.Losses()
    private let ended = Mutex<[String: String]>([:])

    func end(_ session: String, _ code: String = "session_cleared") {
      ended.withLock { $0[session] = code }
    }

    func reply(to request: ScriptedServer.Request) -> ScriptedServer.Reply {
      let path = request.path.split(separator: "/").map(String.init)
      if path.count == 5, let code = ended.withLock({ $0[path[3]] }) {
        return Answers.refusal(410, code)
      }
      return service.reply(to: request)
    }
  }

  private func log(
    _ message: String, _ logger: RecoveryAuditLogger, in session: String? = nil
  ) async -> String {
    let attempt = LoggerStage.attempt(message)
    guard case .buffered(let id) = await logger.logRecoveryAttempt(attempt, session: session) else {
      Issue.record("lost \(message)")
      return ""
    }
    return id
  }

  @Test(arguments: ["session_cleared", "session_expired"])
  func aSessionOfTheLoggersOwnGoesOnInAnother(code: String) async throws {
    let stage = Stage()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in stage.reply(to: request) },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: stage.losses)
          let first = try await logger.startSession()
          var ids = [await log("m0", logger)]
          #expect(await logger.flush(within: .seconds(20)))
          stage.end(first, code)
          // By no name, and by the name that the logger gave.
          ids.append(await log("m1", logger))
          ids.append(await log("m2", logger, in: first))
          #expect(await logger.flush(within: .seconds(20)))
          let second = "\(first)-2"
          #expect(await logger.currentSession == second)
          stage.end(second, code)
          ids.append(await log("m3", logger))
          #expect(await logger.flush(within: .seconds(20)))
          #expect(stage.service.entries.map(\.session) == [first, second, second, "\(second)-2"])
          #expect(stage.service.entries.map(\.id) == ids)
          #expect(stage.losses.reasons == [])
          await logger.close()
        })
    }
    #expect(stage.service.surprises == [])
  }

  @Test func whatANextProcessFindsGoesOnToo() async throws {
    let stage = Stage()
    try await LoggerStage.inDirectory { directory in
      let session = try await ScriptedServer.with(
        { _, _ in .hangUp },
        { server in
          let logger = try await LoggerStage.open(server, directory)
          for number in 0..<3 { _ = await log("m\(number)", logger) }
          let session = await logger.currentSession
          await logger.close()
          return session ?? ""
        })
      stage.end(session)
      stage.end("\(session)-2")
      try await ScriptedServer.with(
        { request, _ in stage.reply(to: request) },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: stage.losses)
          #expect(await logger.flush(within: .seconds(20)))
          #expect(stage.service.sessions == ["\(session)-3"])
          #expect(stage.service.messages == ["m0", "m1", "m2"] && stage.losses.reasons == [])
          await logger.close()
        })
    }
  }

  @Test func oneThatTheCallerNamedIsRefusedAndLeft() async throws {
    let stage = Stage()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in stage.reply(to: request) },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: stage.losses)
          stage.end("deploy")
          try await logger.startSession("deploy")
          _ = await log("m0", logger)
          #expect(await logger.flush(within: .seconds(20)))
          guard case .refused(.problem(let problem))? = stage.losses.reasons.first else {
            Issue.record("\(stage.losses.reasons)")
            return
          }
          #expect(problem.code == "session_cleared" && stage.losses.reasons.count == 1)
          _ = await log("m1", logger)
          #expect(await logger.flush(within: .seconds(20)))
          #expect(stage.service.messages == ["m1"] && stage.losses.reasons.count == 1)
          await logger.close()
        })
    }
  }

  @Test(arguments: [true, false])
  func clearingLeavesTheSession(all: Bool) async throws {
    let stage = Stage()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in
          request.method == "DELETE" ? .answer(200, "{}") : stage.reply(to: request)
        },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: stage.losses)
          try await logger.startSession("deploy")
          if all {
            try await logger.clearAllSessions(reason: "r")
          } else {
            try await logger.clearSession("other", reason: "r")
            #expect(await logger.currentSession == "deploy")
            try await logger.clearSession("deploy", reason: "r")
          }
          stage.end("deploy")
          #expect(await logger.currentSession == nil)
          _ = await log("m", logger)
          #expect(await logger.flush(within: .seconds(20)))
          #expect(stage.service.messages == ["m"] && stage.losses.reasons == [])
          await logger.close()
        })
    }
  }

  /// A service that ends every session makes the logger wait, not run wild.
  @Test func aServiceThatEndsEverySessionIsWaitedFor() async throws {
    let stage = Stage()
    let isMad = Mutex(true)
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in
          isMad.withLock { $0 } ? Answers.refusal(410, "session_cleared") : stage.reply(to: request)
        },
        { server in
          let logger = try await LoggerStage.open(server, directory, losses: stage.losses)
          _ = await log("m", logger)
          try await eventually { await logger.status.trouble != nil }
          isMad.withLock { $0 = false }
          #expect(await logger.flush(within: .seconds(20)))
          #expect(stage.service.messages == ["m"] && stage.losses.reasons == [])
          await logger.close()
        })
    }
  }
}
