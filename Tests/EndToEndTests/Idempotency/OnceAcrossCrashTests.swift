// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import TestSupport
import Testing

/// What has a name is done once though the instance is killed: after the commit, with the answer under way, and
/// before it, in the middle of the work.
@Suite(.serialized, .exclusive)
struct OnceAcrossCrashTests {
  /// All are done and none of the answers arrives; what the service had said is known to the relay alone.
  private func answersAreLost(
    _ deeds: NamedDeeds, _ service: Service, isNamed: Bool
  ) async throws -> [Answer] {
    try await Relay.with(toPort: service.settings.ports.main) { relay in
      relay.swallowAnswers()
      var answers: [Answer] = []
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for (index, deed) in deeds.all.enumerated() {
          group.addTask { await hasNoAnswer(deeds, deed, relay.url, isNamed: isNamed) }
          // One after the other, so that it is known whose answer is whose.
          try await eventually("an answer to lose") {
            let known = Set(answers.map(\.text))
            let lost = relay.swallowed.compactMap { AnswerReader.answers(in: $0)?.first }
            guard lost.count == index + 1 else { return false }
            answers += lost.filter { !known.contains($0.text) }
            return true
          }
        }
        await service.kill()
        for try await isLost in group { #expect(isLost) }
      }
      return answers
    }
  }

  private func hasNoAnswer(
    _ deeds: NamedDeeds, _ deed: NamedDeeds.Deed, _ url: String, isNamed: Bool
  ) async -> Bool {
    do {
      _ = try await deeds.send(deed, to: url, isNamed: isNamed)
      return false
    } catch {
      return true  // The connection ended without one.
    }
  }

  @Test func anAnswerThatWasLostIsGivenAfterTheCrash() async throws {
    let deployment = try await Deployment.shared()
    let service = try await deployment.startService()
    let deeds = try await NamedDeeds.make("once, answer lost", in: deployment, service)
    let before = try await deeds.traces()
    let lost = try await answersAreLost(deeds, service, isNamed: true)
    let done = try await deeds.traces()
    #expect(zip(done, before).map { $0 - $1 } == Array(repeating: .once, count: deeds.all.count))

    let next = try await service.again()
    for (deed, first) in zip(deeds.all, lost) {
      #expect([200, 201].contains(first.status), "\(deed.action): \(first.text)")
      let again = try await deeds.send(deed, to: next.url, isNamed: true)
      #expect(again.status == first.status && again.body == first.body, "\(deed.action)")
      #expect(again.headers["location"] == first.headers["location"])
      #expect(first.headers["idempotent-replayed"] == [])
      #expect(again.headers["idempotent-replayed"] == ["true"], "\(deed.action)")
    }
    #expect(try await deeds.traces() == done)
    #expect(try await next.stop() == .exited(0))
  }

  /// Without a name the same is done twice; but nobody decides what is decided.
  @Test func withoutANameItIsDoneAgain() async throws {
    let deployment = try await Deployment.shared()
    let service = try await deployment.startService()
    let deeds = try await NamedDeeds.make("not once, answer lost", in: deployment, service)
    let before = try await deeds.traces()
    let lost = try await answersAreLost(deeds, service, isNamed: false)
    let next = try await service.again()
    for (deed, first) in zip(deeds.all, lost) {
      let again = try await deeds.send(deed, to: next.url, isNamed: false)
      #expect(again.status == (deed.action == "decide_review" ? 409 : first.status))
      #expect(again.body != first.body && again.headers["idempotent-replayed"] == [])
    }
    let traces = try await zip(deeds.traces(), before).map { $0 - $1 }
    #expect(traces.dropLast() == [.twice, .twice, .twice])
    #expect(traces.last == .init(effects: 1, auditLines: 2))
    #expect(try await next.stop() == .exited(0))
  }

  /// Killed while the audit entry waits for a lock, COMMIT is not sent yet, and nothing has happened; while the
  /// answer that is to be kept waits, COMMIT lies in the server's hands, and whether it happens is not ours to
  /// say. Either way it is done once, on another instance too, and nobody is told for ever that it is being
  /// done.
  @Test(arguments: ["canvas_audit", "idempotency_keys"])
  func whatIsKilledBeforeItsCommitIsDoneOnce(whileWaitingFor table: String) async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { other in
      let service = try await deployment.startService()
      let deeds = try await NamedDeeds.make("once, killed", in: deployment, service)
      let before = try await deeds.traces()
      try await deployment.withDatabase { connection in
        _ = try await connection.execute(Query("begin"))
        _ = try await connection.execute(
          Query("lock table hansard.\(table) in share mode", prepared: false))
        try await withThrowingTaskGroup(of: Bool.self) { group in
          for deed in deeds.all {
            group.addTask { await hasNoAnswer(deeds, deed, service.url, isNamed: true) }
          }
          try await waits(for: deeds.all.count, in: deployment)
          await service.kill()
          for try await isLost in group { #expect(isLost) }
        }
        // While the killed one's transaction waits, its name is taken.
        let busy = try await deeds.send(deeds.all[0], to: other.url, isNamed: true)
        #expect(busy.status == 409 && busy.code == "request_in_progress", "\(busy.text)")
        #expect(try await deeds.traces() == before)
        _ = try await connection.execute(Query("rollback"))
      }
      var answers: [Answer] = []
      for deed in deeds.all {
        let answer = try await firstAnswer(deeds, deed, other)
        #expect([200, 201].contains(answer.status), "\(deed.action): \(answer.text)")
        if table == "canvas_audit" { #expect(answer.headers["idempotent-replayed"] == []) }
        answers.append(answer)
      }
      let traces = try await zip(deeds.traces(), before).map { $0 - $1 }
      #expect(traces == Array(repeating: .once, count: deeds.all.count))
      let next = try await service.again()
      for (deed, first) in zip(deeds.all, answers) {
        let again = try await deeds.send(deed, to: next.url, isNamed: true)
        #expect(again.body == first.body && again.headers["idempotent-replayed"] == ["true"])
      }
      #expect(try await zip(deeds.traces(), before).map { $0 - $1 } == traces)
      #expect(try await next.stop() == .exited(0))
    }
  }

  private func waits(for count: Int, in deployment: Deployment) async throws {
    let waiting = """
      select count(*)
      from pg_stat_activity
      where usename = 'hansard_service'
        and wait_event_type = 'Lock'
      """
    try await eventually("\(count) that wait for a lock") {
      let found: Int64 = try await deployment.value(waiting)
      return found >= Int64(count)
    }
  }

  /// The first answer that does not say that it is being done.
  private func firstAnswer(
    _ deeds: NamedDeeds, _ deed: NamedDeeds.Deed, _ service: Service
  ) async throws -> Answer {
    var found: Answer?
    try await eventually("\(deed.action) that is not in progress") {
      let answer = try await deeds.send(deed, to: service.url, isNamed: true)
      if answer.status != 409 { found = answer }
      return found != nil
    }
    return try #require(found)
  }
}
