// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// The walls between tenants and between roles, route by route.
@Suite(.serialized, .exclusive)
struct TenancyTests {
  @Test func everyCellOfTheMatrixIsAsDeclared() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let before = try await refusals(of: stage.tenantA)
      let faults = try await faults(Matrix.cells, stage)
      #expect(faults == [])
      // Each refusal of a known caller is in the audit log, but for an id that cannot be one.
      let refused = Matrix.cells.filter {
        [403, 404].contains($0.status) && $0.thing != .malformed
      }
      #expect(refused.count > 150)
      #expect(try await refusals(of: stage.tenantA) - before == Int64(refused.count))
      // A wrong declaration is found, and only that one.
      let reading = Matrix.cells.filter { $0.action == .read }
      var wrong = try #require(reading.first { $0.caller == .member && $0.thing == .colleague })
      wrong.status = 200
      #expect(try await self.faults(reading + [wrong], stage).count == 1)
    }
  }

  /// A route with an id that is documented and has no row in the matrix would go untested.
  @Test func everyDocumentedRouteWithAnIDIsInTheMatrix() throws {
    let text = try String(contentsOfFile: ProjectFiles.root() + "/docs/api.md", encoding: .utf8)
    let routes = text.matches(of: /\| `([A-Z]+) \/\{id\}(?:\/([a-z]+))?`/)
      .map { "\($0.output.1) \($0.output.2 ?? "")" }
    let known = Matrix.Action.allCases.map { "\($0.method.rawValue) \($0.rest)" }
    #expect(routes.count >= 7)
    #expect(Set(routes).subtracting(known) == [])
  }

  private func faults(_ cells: [Matrix.Cell], _ stage: MatrixStage) async throws -> [String] {
    var faults: [String] = []
    for cell in cells {
      let id = try await stage.id(cell.thing, for: cell.action)
      let answer = try await stage.ask(stage.client(cell.caller), cell.action, id)
      if answer.status != cell.status { faults.append("\(cell), not \(answer.status)") }
      if answer.status >= 400, answer.code == nil { faults.append("\(cell): no problem") }
      if answer.status == 401, answer.headers["www-authenticate"].isEmpty {
        faults.append("\(cell): no WWW-Authenticate")
      }
    }
    return faults
  }

  @Test func foreignThingsLookLikeNothing() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      for (role, key) in stage.keysOfB {
        for action in Matrix.Action.allCases {
          let client = service.client(key)
          let nothing = try await stage.ask(
            client, action, try await stage.id(.nonexistent, for: .read))
          #expect(nothing.status == 404, "\(role) \(action)")
          for thing in [Matrix.Thing.own, .colleague, .flagged, .malformed] {
            let foreign = try await stage.ask(client, action, try await stage.id(thing, for: .read))
            #expect(foreign.status == 404, "\(role) \(action) \(thing)")
            #expect(foreign.impersonal == nothing.impersonal, "\(role) \(action) \(thing)")
          }
        }
      }
      #expect(try await untouched(stage))
    }
  }

  /// Whether tenant A's recordings are as they were: open, with the events they had.
  private func untouched(_ stage: MatrixStage) async throws -> Bool {
    for id in stage.idsOfA {
      let recording = try await stage.client(.admin).send(.get, Paths.recording(id)).json
      guard try recording["status"]?.text() == "recording",
        recording["event_count"]?.integer() == 0
      else { return false }
    }
    return true
  }

  @Test func anonymousCallersAreAllAnsweredAlike() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      for action in Matrix.Action.allCases {
        let answers = try await Matrix.Caller.allCases.filter(\.isAnonymous).asyncMap { caller in
          try await stage.ask(stage.client(caller), action, try await stage.id(.own, for: .read))
        }
        #expect(Set(answers.map(\.status)) == [401])
        #expect(Set(answers.map(\.impersonal)).count == 1)
      }
    }
  }

  @Test func listsShowWhatTheCallerMaySee() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let own = try await stage.id(.own, for: .read)
      let colleague = try await stage.id(.colleague, for: .read)
      let flagged = try await stage.id(.flagged, for: .read)
      let visible: [(Matrix.Caller, [String]?)] = [
        (.admin, [own, colleague, flagged]), (.auditor, [own, colleague, flagged]),
        (.member, [own]), (.reviewer, [flagged]), (.aliceReviewer, [own, flagged]),
        (.recorder, nil), (.boundRecorder, nil), (.otherRecorder, nil),
      ]
      for (caller, ids) in visible {
        let answer = try await stage.client(caller).send(.get, Paths.recordings + "?limit=500")
        #expect(answer.status == (ids == nil ? 403 : 200), "\(caller)")
        guard let ids else { continue }
        let found = try answer.json.elements.compactMap { try $0["recording_id"]?.text() }
        // Other tests leave recordings of the same tenant behind.
        #expect(Set(found).intersection(stage.idsOfA) == Set(ids), "\(caller)")
        if caller == .member {
          let owners = try Set(answer.json.elements.map { try $0["user_id"]?.text() })
          #expect(owners == ["alice"])
        }
      }
      let query = "?user_id=bob"
      #expect(try await stage.client(.member).send(.get, Paths.recordings + query).status == 403)
      for (role, key) in stage.keysOfB {
        for query in ["", "?agent_id=agent-1", "?user_id=alice", "?flagged=true"] {
          let answer = try await service.client(key).send(.get, Paths.recordings + query)
          for id in [own, colleague, flagged] { #expect(!answer.text.contains(id), "\(role)") }
        }
      }
    }
  }

  @Test func agentsAreForAdminsAndAuditorsOfTheirTenant() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let path = "/api/governance/agents"
      try await stage.tenantA.makeAgent("only-of-a", status: "supervised")
      for (role, key) in stage.keysOfB {
        let mayRead = ["auditor", "admin"].contains(role)
        let client = service.client(key)
        let foreign = try await client.send(.get, "\(path)/only-of-a")
        let nothing = try await client.send(.get, "\(path)/of-nobody")
        #expect(foreign.status == (mayRead ? 404 : 403))
        #expect(foreign.impersonal == nothing.impersonal)
        let list = try await client.send(.get, path)
        #expect(list.status == (mayRead ? 200 : 403))
        #expect(!list.text.contains("only-of-a"))
      }
      // An id is the caller's own word: under it, B's admin makes an agent of B's.
      for (role, key) in stage.keysOfB {
        let client = service.client(key)
        let put = try await client.send(.put, "\(path)/only-of-a", json: #"{"status":"paused"}"#)
        #expect(put.status == (role == "admin" ? 200 : 403))
      }
      let answer = try await stage.client(.admin).send(.get, "\(path)/only-of-a")
      #expect(try answer.text("status") == "supervised")
    }
  }

  @Test func whatAForeignCursorShowsIsNothing() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let page = try await stage.client(.admin).send(.get, Paths.recordings + "?limit=1")
      let next = try #require(page.next)
      #expect(try await stage.client(.admin).send(.get, next).status == 200)
      let foreign = try await service.client(stage.keysOfB["admin"]).send(.get, next)
      #expect(foreign.status == 422)
      #expect(foreign.code == "bad_cursor")
    }
  }

  private func refusals(of tenant: Tenant) async throws -> Int64 {
    try await tenant.deployment.value(
      """
      select count(*)
      from hansard.canvas_audit
      where tenant_id = '\(tenant.id)'
        and outcome = 'refused'
      """)
  }
}

extension Sequence {
  /// `map` with a closure that waits.
  fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
    var values: [T] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
