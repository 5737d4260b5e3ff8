// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// Who may see, set and try what is redacted: written down from the design, every role and every
/// kind of caller without a valid key.
@Suite(.serialized, .exclusive)
struct RedactionAccessTests {
  private struct Door: Sendable, CustomStringConvertible {
    let method: Client.Method
    let path: String
    let body: String?
    /// The roles that are let in.
    let roles: Set<Matrix.Caller>

    var description: String { "\(method.rawValue) \(path)" }
  }

  private static let prefix = "/api/governance/redaction"
  private static let doors = [
    Door(method: .get, path: prefix, body: nil, roles: [.admin, .auditor]),
    Door(method: .put, path: prefix, body: #"{"switched_off":[]}"#, roles: [.admin]),
    Door(method: .post, path: "\(prefix)/try", body: #"{"sample":1}"#, roles: [.admin, .auditor]),
  ]

  private func ask(_ door: Door, _ client: Client, over tag: String) async throws -> Answer {
    try await client.send(
      door.method, door.path, door.body.map { Array($0.utf8) },
      headers: door.method == .put ? [("If-Match", tag)] : [])
  }

  private func tag(_ stage: MatrixStage) async throws -> String {
    let answer = try await stage.client(.admin).send(.get, Self.prefix)
    return try #require(answer.headers["etag"].first)
  }

  @Test func everyDoorOpensForWhomItShould() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      for door in Self.doors {
        for caller in Matrix.Caller.allCases {
          let status = caller.isAnonymous ? 401 : door.roles.contains(caller) ? 200 : 403
          let answer = try await ask(door, stage.client(caller), over: tag(stage))
          #expect(answer.status == status, "\(door) \(caller)")
          if status != 200 { #expect(answer.code != nil) }
        }
      }
    }
  }

  /// Every refusal of a known caller is in the audit log, every success too.
  @Test func everyKnockIsInTheAuditLog() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let count = """
        select count(*) from hansard.canvas_audit
        where tenant_id = '\(stage.tenantA.id)' and component_type = 'redaction_policy'
        """
      let tag = try await tag(stage)
      let before: Int64 = try await deployment.value(count)
      let callers = Matrix.Caller.allCases.filter { !$0.isAnonymous }
      for door in Self.doors {
        for caller in callers { _ = try await ask(door, stage.client(caller), over: tag) }
      }
      let after: Int64 = try await deployment.value(count)
      #expect(after - before == Int64(Self.doors.count * callers.count))
    }
  }

  @Test func aPolicyIsItsTenantsAlone() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let adminOfB = service.client(stage.keysOfB["admin"])
      let before = try await adminOfB.send(.get, Self.prefix).text
      let rule = #"""
        {"rules":[{"name":"only_of_a","position":"prefix","literal":"onlyofa-","characters":"digit",
          "minimum_length":6,"maximum_length":6}],"switched_off":["email"]}
        """#
      let set = try await stage.client(.admin).send(
        .put, Self.prefix, json: rule, headers: [("If-Match", tag(stage))])
      #expect(set.status == 200)
      #expect(try await adminOfB.send(.get, Self.prefix).text == before)
      let sample = #"{"sample":"onlyofa-123456 x@mail.example"}"#
      let trials = [
        try await stage.client(.auditor).send(.post, "\(Self.prefix)/try", json: sample),
        try await adminOfB.send(.post, "\(Self.prefix)/try", json: sample),
      ]
      #expect(try trials.map { try $0.json["redactions"]?.names } == [["only_of_a"], ["email"]])
      _ = try await stage.client(.admin).send(
        .put, Self.prefix, json: "{}", headers: [("If-Match", tag(stage))])
    }
  }

  /// A route that is documented and has no row here would go untested.
  @Test func everyDocumentedRouteIsHere() throws {
    let text = try String(contentsOfFile: ProjectFiles.root() + "/docs/api.md", encoding: .utf8)
    let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("Redaction: ") })
    let routes = section.matches(of: /\| `([A-Z]+)(?: \/([a-z]+))?`/)
      .map { "\($0.output.1) \(Self.prefix)\($0.output.2.map { "/\($0)" } ?? "")" }
    #expect(routes.sorted() == Self.doors.map(\.description).sorted())
  }
}
