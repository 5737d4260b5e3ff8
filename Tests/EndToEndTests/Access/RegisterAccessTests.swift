// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Who may see and change agents, users, keys and the audit log: every route, every kind of caller,
/// every kind of id.
@Suite(.serialized, .exclusive)
struct RegisterAccessTests {
  @Test func everyRouteHasItsRowAndNoOther() async throws {
    let deployment = try await Deployment.shared()
    var printed: [String: RouteTable.Row] = [:]
    for route in try await deployment.answer(["routes", "--json"]).elements {
      let name = try "\(route["method"]?.text() ?? "") \(route["path"]?.text() ?? "")"
      #expect(printed[name] == nil, "\(name) is there twice")
      printed[name] = RouteTable.Row(
        roles: Set(try route["roles"]?.elements.map { try $0.text() } ?? []),
        ids: try route["ids"]?.elements.map { try $0.text() } ?? [],
        isAudited: route["audited"]?.raw == "true")
    }
    #expect(Set(printed.keys).subtracting(RouteTable.rows.keys) == [], "no row")
    #expect(Set(RouteTable.rows.keys).subtracting(printed.keys) == [], "no route")
    for (name, row) in RouteTable.rows { #expect(printed[name] == row, "\(name)") }
  }

  /// What an id stands for.
  private enum Thing: CaseIterable {
    case known, foreign, nonexistent, malformed
  }

  /// A way to a register.
  private struct Door: CustomStringConvertible {
    let method: Client.Method
    let path: String
    var body: String?
    let roles: Set<Matrix.Caller>
    var success = 200
    var isNew = false

    var description: String { "\(method.rawValue) \(path)" }

    func status(_ caller: Matrix.Caller, _ thing: Thing) -> Int {
      if caller.isAnonymous { return 401 }
      // What can be no id is said before anybody is asked.
      if thing == .malformed { return isNew ? 422 : 404 }
      guard roles.contains(caller) else { return 403 }
      return thing == .known || isNew ? success : 404
    }
  }

  private static let overseers: Set<Matrix.Caller> = [.admin, .auditor]

  private static let doors = [
    Door(method: .get, path: "agents/{agent}", roles: overseers),
    Door(
      method: .put, path: "agents/{agent}", body: #"{"status":"student"}"#, roles: [.admin],
      isNew: true),
    Door(method: .get, path: "users/{user}", roles: overseers),
    Door(
      method: .put, path: "users/{user}", body: #"{"name":"A"}"#, roles: [.admin], isNew: true),
    Door(method: .get, path: "keys/{key}", roles: overseers),
    Door(
      method: .post, path: "keys/{key}/rotate", body: #"{"grace_seconds":600}"#, roles: [.admin],
      success: 201),
    Door(method: .delete, path: "keys/{key}", roles: [.admin]),
    Door(method: .get, path: "webhooks/{webhook}", roles: overseers),
    Door(method: .delete, path: "webhooks/{webhook}", roles: [.admin]),
    Door(method: .post, path: "webhooks/{webhook}/enable", roles: [.admin]),
  ]

  @Test func everyDoorOpensForWhomItShould() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let webhooks: [Thing: String] = [
        .known: try await madeWebhook(by: stage.client(.admin)),
        .foreign: try await madeWebhook(by: stage.service.client(stage.keysOfB["admin"])),
      ]
      for door in Self.doors {
        for thing in Thing.allCases {
          for caller in Matrix.Caller.allCases {
            let path = try await path(of: door, to: thing, stage, webhooks)
            let answer = try await stage.client(caller).send(
              door.method, path, door.body.map { Array($0.utf8) })
            let status = door.status(caller, thing)
            #expect(answer.status == status, "\(door) \(thing) \(caller): \(answer.text)")
            if status >= 400 { #expect(answer.code != nil) }
          }
        }
      }
    }
  }

  private func path(
    of door: Door, to thing: Thing, _ stage: MatrixStage, _ webhooks: [Thing: String]
  ) async throws -> String {
    let nobodys = thing == .malformed ? "not-an-id" : "0190b0a4-7c3d-7e55-9c11-0123456789ab"
    var path = "/api/governance/\(door.path)"
      .replacing("{webhook}", with: webhooks[thing] ?? nobodys)
    for (mark, known) in [("{agent}", MatrixStage.agent), ("{user}", "alice")] {
      let id =
        switch thing {
        case .known: known
        // The same ids are known to both tenants; others are nobody's.
        case .foreign, .nonexistent: "of-nobody"
        case .malformed: "%20"
        }
      path = path.replacing(mark, with: door.isNew && thing != .malformed ? known : id)
    }
    guard path.contains("{key}") else { return path }
    let id =
      switch thing {
      case .known: try await madeKey(by: stage.client(.admin))
      case .foreign: try await madeKey(by: stage.service.client(stage.keysOfB["admin"]))
      case .nonexistent, .malformed: nobodys
      }
    return path.replacing("{key}", with: id)
  }

  private func madeKey(by admin: Client) async throws -> String {
    try await admin.send(.post, "/api/governance/keys", json: #"{"role":"recorder"}"#)
      .text("key_id")
  }

  /// One that nothing is sent to: there is no such notice.
  private func madeWebhook(by admin: Client) async throws -> String {
    let body = #"{"url":"https://hooks.example.com","types":["webhook:disabled"]}"#
    return try await admin.send(.post, WebhookStage.path, json: body).text("webhook_id")
  }

  @Test func registersAreListedForOverseersOnly() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      for register in ["agents", "users", "keys", "webhooks", "audit", "redaction", "policy"] {
        for caller in Matrix.Caller.allCases {
          let answer = try await stage.client(caller).send(.get, "/api/governance/\(register)")
          let status = caller.isAnonymous ? 401 : Self.overseers.contains(caller) ? 200 : 403
          #expect(answer.status == status, "\(register) \(caller)")
        }
      }
    }
  }
}
