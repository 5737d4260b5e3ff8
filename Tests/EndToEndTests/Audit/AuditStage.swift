// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// A deployment of its own, every route behind the gate, and for each what it is asked about.
struct AuditStage: Sendable {
  /// A route as `hansard routes` prints it.
  struct Route: Sendable {
    let request: RouteRequest
    let roles: Set<String>
    let isAudited: Bool
    /// What its path names.
    var id = ""

    var name: String { request.name }
    var path: String { request.path }
    var thing: AuditedRequests.Thing? { request.request.thing }

    /// Whether it meddles with what the others are asked about: then it has a turn of its own.
    var isForLast: Bool {
      path.hasSuffix("/enable") || path.hasSuffix("/retention-change")
        || name == "DELETE /api/recovery/sessions"
    }
  }

  /// Whether a request is to be done, or refused.
  enum Round: CaseIterable {
    case allowed, forbidden, missing

    /// The routes that write an entry then: appends write one of a refusal only.
    func includes(_ route: Route) -> Bool {
      switch self {
      case .allowed: route.isAudited
      case .forbidden: true
      case .missing: route.thing != nil
      }
    }
  }

  let deployment: Deployment
  let service: Service
  let routes: [Route]
  private let keys: [String: String]

  /// Enough connections for one of each route at once: each may have to wait for a lock.
  private static let environment = ["HANSARD_DATABASE_POOL": "80"]

  static func with(_ body: (AuditStage) async throws -> Void) async throws {
    try await Deployment.with(settings: ["max_connections": "100"]) { deployment in
      let tenant = try await deployment.makeTenant("audit")
      let keys = try await tenant.makeKeys([
        "admin": .init("admin", user: "root"), "auditor": .init("auditor"),
        "recorder": .init("recorder"),
      ]).mapValues(\.text)
      try await deployment.withService(environment) { service in
        let admin = service.client(keys["admin"])
        let autonomous = #"{"status":"autonomous"}"#
        _ = try await admin.send(.put, "/api/governance/agents/agent-1", json: autonomous)
        // What is due first, for whoever claims the next one.
        _ = try await admin.make(.openReview)
        var routes: [Route] = []
        for var route in try await listed(deployment) {
          // Each has one of its own, which nobody else touches.
          if let thing = route.thing {
            route.id = try await deployment.make(
              thing, by: admin, .init(name: "of-\(routes.count)"))
          }
          routes.append(route)
        }
        try await deployment.settleRetention()
        try await body(
          AuditStage(deployment: deployment, service: service, routes: routes, keys: keys))
      }
    }
  }

  /// Every route that is not open to anybody.
  private static func listed(_ deployment: Deployment) async throws -> [Route] {
    try await deployment.answer(["routes", "--json"]).elements.compactMap { row in
      let (method, path) = (try row["method"]?.text() ?? "", try row["path"]?.text() ?? "")
      let roles = Set(try row["roles"]?.elements.map { try $0.text() } ?? [])
      if roles.isEmpty { return nil }
      return Route(
        request: try RouteRequest("\(method) \(path)"), roles: roles,
        isAudited: row["audited"]?.raw == "true")
    }
  }
}

// MARK: - Asking

extension AuditStage {
  /// An answer that was not what it should have been.
  struct Finding: Sendable {
    let route: String
    let round: Round
    let answer: Answer
  }

  /// What is wrong while entries cannot be written: answers that are not that refusal, and tables that
  /// have changed.
  func findings(
    under failure: AuditFailure
  ) async throws -> (answers: [Finding], tables: [String]) {
    try await deployment.withDatabase { looking in
      try await deployment.withDatabase { breaking in
        let before = try await TableContents.read(looking)
        let answers = try await failure.during(breaking) {
          var findings: [Finding] = []
          for round in Round.allCases { findings += try await ask(round) }
          return findings
        }
        return (answers, try await TableContents.read(looking).changes(since: before))
      }
    }
  }

  private func ask(_ round: Round) async throws -> [Finding] {
    let asked = routes.filter { round.includes($0) }
    // One would wait for a webhook that is being made, and that for its entry; one for a policy that is being
    // set; another clears everything.
    let last = asked.filter(\.isForLast)
    var findings = try await withThrowingTaskGroup(of: Finding?.self) { group in
      for route in asked where !route.isForLast {
        group.addTask { try await finding(at: route, round) }
      }
      return try await group.reduce(into: [Finding]()) { if let found = $1 { $0.append(found) } }
    }
    for route in last {
      if let found = try await finding(at: route, round) { findings.append(found) }
    }
    return findings
  }

  private func finding(at route: Route, _ round: Round) async throws -> Finding? {
    let answer = try await send(route, round)
    return Self.isRightRefusal(answer)
      ? nil : Finding(route: route.name, round: round, answer: answer)
  }

  private static func isRightRefusal(_ answer: Answer) -> Bool {
    answer.status == 503 && answer.code == "audit_unavailable"
      && !answer.headers["retry-after"].isEmpty && !answer.text.contains("canary")
  }

  private func send(_ route: Route, _ round: Round) async throws -> Answer {
    let strangers = ["recorder", "auditor"].filter { !route.roles.contains($0) }
    guard let stranger = strangers.first else { throw TestSupportError("all may \(route.name)") }
    let client = service.client(keys[round == .forbidden ? stranger : "admin"])
    // What is put there must not be there for others to find.
    let isMade = RouteTable.rows[route.name]?.isMaking ?? false
    let missing = "0190b0a4-7c3d-7e55-9c11-0123456789a" + (isMade ? "c" : "b")
    let isNamed = route.request.method == .post
    return try await route.request.send(
      by: client, on: service, id: round == .missing ? missing : route.id,
      headers: isNamed ? [("Idempotency-Key", "\(route.path)#\(round)")] : [])
  }
}
