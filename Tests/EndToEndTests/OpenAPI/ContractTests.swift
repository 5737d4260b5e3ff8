// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

/// What the OpenAPI document promises, held against a running service by schemathesis.
@Suite(.serialized, .exclusive)
struct ContractTests {
  /// In two halves side by side: each process works on one request after the other.
  @Test(.timeLimit(.minutes(Effort.contractMinutes)))
  func theServiceAnswersAsItsDocumentSays() async throws {
    let phases = ["examples", "coverage", "fuzzing"]
    let halves = [
      ["recordings", "retention", "audit", "policy", "service"],
      ["registers", "redaction", "reviews", "live", "recovery"],
    ]
    let outcomes = try await run(
      halves.map { tags in
        .init(
          draws: Effort.contractDraws, phases: phases,
          options: tags.flatMap { ["--include-tag", $0] })
      }, as: "admin")
    for outcome in outcomes {
      #expect(outcome.status == .exited(0), "\(outcome.output)")
      for phase in phases { #expect(outcome.output.contains("✅ \(phase.capitalized)\n")) }
    }
    // All operations: none was left out.
    let tested = outcomes.compactMap { Self.number(/Tested: +(\d+)\n/, in: $0) }
    #expect(try await Description.read().operations.count == tested.reduce(0, +))
  }

  /// One request after the other, with what the first one answered. By itself: behind the other phases it
  /// ends early, because the service is not what it was when a scenario is played again.
  @Test(.timeLimit(.minutes(Effort.contractMinutes)))
  func whatOneAnswersTheNextCanAskFor() async throws {
    let settings = Schemathesis.Settings(draws: Effort.contractDraws, phases: ["stateful"])
    for outcome in try await run([settings], as: "admin") {
      #expect(outcome.status == .exited(0), "\(outcome.output)")
      #expect(outcome.output.contains("✅ Stateful\n"))
      let scenarios = try #require(Self.number(/Scenarios: +(\d+)\n/, in: outcome))
      #expect(scenarios >= 10)
    }
  }

  /// Others are refused much of it: that is described too.
  @Test(.timeLimit(.minutes(10)), arguments: ["member", "recorder", "reviewer", "auditor"])
  func refusalsAreAsTheDocumentSays(_ role: String) async throws {
    let settings = Schemathesis.Settings(draws: 5, phases: ["examples", "fuzzing"])
    for outcome in try await run([settings], as: role) {
      #expect(outcome.status == .exited(0), "\(outcome.output)")
    }
  }

  /// A document that says something wrong is found out.
  @Test(.timeLimit(.minutes(10)), arguments: Description.Fault.allCases)
  func aFaultInTheDocumentIsFound(_ fault: Description.Fault) async throws {
    let folder = try TemporaryDirectory.make("description")
    defer { TemporaryDirectory.remove(folder) }
    try await Description.plant(fault, in: "\(folder)/openapi.yaml")
    let (operations, finding) = fault.operations
    let settings = Schemathesis.Settings(
      draws: 20, phases: ["examples", "fuzzing"],
      options: operations.flatMap { ["--include-operation-id", $0] })
    for outcome in try await run([settings], of: "\(folder)/openapi.yaml", as: "admin") {
      #expect(outcome.status == .exited(1), "\(outcome.output)")
      #expect(outcome.output.contains(finding), "\(outcome.output)")
    }
  }

  /// A service that shows a member what is another's is found out, and ours does not.
  @Test(.timeLimit(.minutes(10)), arguments: [false, true])
  func aServiceWithoutWallsIsFound(_ hasNone: Bool) async throws {
    let operations = ["start_recording", "read_recording"]
    let settings = Schemathesis.Settings(
      draws: 10, phases: ["stateful"],
      options: operations.flatMap { ["--include-operation-id", $0] } + ["--max-failures", "1"])
    let bypass = ["HANSARD_ENV": "test", "EMERGENCY_GOVERNANCE_BYPASS": "true"]
    for outcome in try await run([settings], as: "member", with: hasNone ? bypass : [:]) {
      #expect(outcome.status == .exited(hasNone ? 1 : 0), "\(outcome.output)")
      #expect(outcome.output.contains("`peer` received the") == hasNone, "\(outcome.output)")
    }
  }
}

// MARK: - Runs

extension ContractTests {
  /// Runs it side by side against a service and a tenant of its own. The service is the same process
  /// afterwards, and nothing failed inside it.
  private func run(
    _ settings: [Schemathesis.Settings], of path: String? = nil, as role: String,
    with environment: [String: String] = [:]
  ) async throws -> [Executable.Outcome] {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("contract")
    let key = try await tenant.makeKey(.init(role, user: "alice"))
    let peer = try await tenant.makeKey(.init("member", user: "bob"))
    let path = try path ?? ProjectFiles.description()
    return try await deployment.withService(environment) { service in
      let outcomes = try await withThrowingTaskGroup(of: Executable.Outcome.self) { group in
        for settings in settings {
          group.addTask {
            try await Schemathesis.run(settings, of: path, against: service, as: key, peer: peer)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(service.exitStatus == nil)
      #expect(await service.probe("/readyz")?.status == 200)
      let failed = service.log.split(separator: "\n").filter { $0.contains(#""status":"5"#) }
      #expect(failed == [])
      for outcome in outcomes { print("contract as \(role): \(Self.tally(outcome))") }
      return outcomes
    }
  }

  private static func number(
    _ pattern: Regex<(Substring, Substring)>, in outcome: Executable.Outcome
  ) -> Int? {
    outcome.output.firstMatch(of: pattern).flatMap { Int($0.output.1) }
  }

  /// How much was tried, as the program says.
  private static func tally(_ outcome: Executable.Outcome) -> String {
    let lines = outcome.output.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
    return lines.filter {
      $0.contains(" generated, ") || $0.contains(" covered ") || $0.contains("(in ")
    }
    .joined(separator: "; ")
  }
}
