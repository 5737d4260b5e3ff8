// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport

/// A deployment of its own, every route behind the gate, and for each what it is asked about.
struct AuditStage: Sendable {
  /// A route as `hansard routes` prints it.
  struct Route: Sendable {
    let name: String
    let method: Client.Method
    let path: String
    let roles: Set<String>
    let isAudited: Bool
    let request: AuditedRequests.Request
    /// What its path names.
    var id = ""

    var namesThing: Bool { request.thing != nil }
  }

  /// Whether a request is to be done, or refused.
  enum Round: CaseIterable {
    case allowed, forbidden, missing

    /// The routes that write an entry then: appends write one of a refusal only.
    func includes(_ route: Route) -> Bool {
      switch self {
      case .allowed: route.isAudited
      case .forbidden: true
      case .missing: route.namesThing
      }
    }
  }

  let deployment: Deployment
  let service: Service
  let routes: [Route]
  private let keys: [String: String]

  /// Enough connections for one of each route at once: each may have to wait for a lock.
  private static let environment = ["HANSARD_DATABASE_POOL": "48"]

  static func with(_ body: (AuditStage) async throws -> Void) async throws {
    try await Deployment.with(settings: ["max_connections": "100"]) { deployment in
      let tenant = try await deployment.makeTenant("audit")
      let keys = try await tenant.makeKeys([
        "admin": .init("admin", user: "root"), "auditor": .init("auditor"),
        "recorder": .init("recorder"),
      ]).mapValues(\.text)
      try await deployment.withService(environment) { service in
        let admin = service.client(keys["admin"])
        try await put("agents/agent-1", #"{"status":"autonomous"}"#, by: admin)
        // What is due first, for whoever claims the next one.
        _ = try await makeReview(by: admin)
        var routes: [Route] = []
        for var route in try await listed(deployment) {
          route.id = try await makeThing(route.request.thing, routes.count, by: admin)
          routes.append(route)
        }
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
      let name = "\(method) \(path)"
      guard let request = AuditedRequests.rows[name], let method = Client.Method(rawValue: method)
      else { throw TestSupportError("no request for \(name)") }
      return Route(
        name: name, method: method, path: path, roles: roles,
        isAudited: row["audited"]?.raw == "true", request: request)
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
    // It would wait for a webhook that is being made, and that for its entry: it has a turn of its own.
    let last = asked.filter { $0.path.hasSuffix("/enable") }
    var findings = try await withThrowingTaskGroup(of: Finding?.self) { group in
      for route in asked where !route.path.hasSuffix("/enable") {
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
    let missing = "0190b0a4-7c3d-7e55-9c11-0123456789a" + (route.method == .put ? "c" : "b")
    let id = round == .missing ? missing : route.id
    var headers = route.request.headers
    if route.method == .post { headers.append(("Idempotency-Key", "\(route.path)#\(round)")) }
    if route.path == Paths.socket { return try await Self.shakeHands(by: client, service) }
    if route.path == Paths.stream { return try await client.opened(route.path) }
    while true {
      let answer = try await client.send(
        route.method, route.path.replacing("{id}", with: id),
        route.request.body.map { Array($0.utf8) }, headers: headers)
      // Too many at once is nobody's fault here.
      if answer.code != "overloaded" { return answer }
    }
  }
}

extension AuditStage {
  /// Asks for a WebSocket; one that is opened counts as 200.
  private static func shakeHands(by client: Client, _ service: Service) async throws -> Answer {
    let head = """
      GET \(Paths.socket) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(client.key ?? "")\r
      Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
      """
    let outcome = try await RawConnection.exchange(
      .init(
        port: service.settings.ports.main, bytes: Array(head.utf8), closesOutput: false,
        limit: .seconds(9)))
    if outcome.received.starts(with: Array("HTTP/1.1 101".utf8)) {
      return Answer(status: 200, headers: [:], body: [])
    }
    guard let answer = outcome.answers()?.last else { throw TestSupportError("no answer") }
    return answer
  }
}

// MARK: - Furnishing

extension AuditStage {
  private static func put(_ path: String, _ body: String, by admin: Client) async throws {
    let answer = try await admin.send(.put, "/api/governance/\(path)", json: body)
    guard answer.status == 200 else { throw TestSupportError("\(path): \(answer.text)") }
  }

  private static func makeThing(
    _ thing: AuditedRequests.Thing?, _ number: Int, by admin: Client
  ) async throws -> String {
    switch thing {
    case nil: return ""
    case .recording: return try await makeRecording(by: admin)
    case .agent:
      try await put("agents/agent-of-\(number)", #"{"status":"student"}"#, by: admin)
      return "agent-of-\(number)"
    case .user:
      try await put("users/user-of-\(number)", #"{"name":"canary"}"#, by: admin)
      return "user-of-\(number)"
    case .key:
      return try await admin.send(.post, "/api/governance/keys", json: #"{"role":"recorder"}"#)
        .text("key_id")
    case .webhook: return try await makeDisabledWebhook(by: admin)
    case .openReview: return try await makeReview(by: admin)
    case .claimedReview: return try await makeReview(by: admin, steps: ["claim"])
    case .decidedReview: return try await makeReview(by: admin, steps: ["claim", "decide"])
    }
  }

  /// Of which nothing changes by itself.
  private static func makeDisabledWebhook(by admin: Client) async throws -> String {
    let body = #"{"url":"https://hooks.example.com/canary"}"#
    let id = try await admin.send(.post, WebhookStage.path, json: body).text("webhook_id")
    _ = try await admin.send(.delete, "\(WebhookStage.path)/\(id)")
    return id
  }

  private static func makeRecording(by admin: Client) async throws -> String {
    let id = try await admin.startRecording(reason: "canary")
    let event = #"{"event_type":"step","event_data":"canary"}"#
    _ = try await admin.send(.post, Paths.recording(id, "event"), json: event)
    return id
  }

  private static func makeReview(by admin: Client, steps: [String] = []) async throws -> String {
    let recording = try await makeRecording(by: admin)
    let flag = #"{"flag_reason":"canary"}"#
    _ = try await admin.send(.post, Paths.recording(recording, "flag"), json: flag)
    let queue = try await admin.send(.get, ReviewStage.reviews + "?limit=500").json
    let review = try queue.elements.first { try $0["recording_id"]?.text() == recording }
    guard let id = try review?["review_id"]?.text() else { throw TestSupportError("no review") }
    for step in steps {
      let body = step == "decide" ? ReviewStage.decision : "{}"
      let answer = try await admin.send(.post, "\(ReviewStage.reviews)/\(id)/\(step)", json: body)
      guard answer.status == 200 else { throw TestSupportError("\(step): \(answer.text)") }
    }
    return id
  }
}
