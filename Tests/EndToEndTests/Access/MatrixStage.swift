// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// Two tenants with recordings and a key for every kind of caller.
struct MatrixStage: Sendable {
  let service: Service
  let tenantA: Tenant
  let tenantB: Tenant
  private let keys: [Matrix.Caller: String]
  /// One per role of tenant B.
  let keysOfB: [String: String]
  private let recordings: [Matrix.Thing: String]

  static let agent = "agent-1"
  static let roles = ["recorder", "member", "reviewer", "auditor", "admin"]

  /// The tenants and keys are made once, the recordings for each stage.
  static func make(_ service: Service) async throws -> MatrixStage {
    let furniture = try await furnishing.value
    let (keys, keysOfB) = (furniture.keys, furniture.keysOfB)
    let admin = service.client(keys[.admin])
    let adminOfB = service.client(keysOfB["admin"])
    let flagged = try await admin.startRecording(agent: agent, user: "bob")
    let reason = #"{"flag_reason":"for the reviewers"}"#
    _ = try await admin.send(.post, Paths.recording(flagged, "flag"), json: reason)
    return MatrixStage(
      service: service, tenantA: furniture.tenantA, tenantB: furniture.tenantB, keys: keys,
      keysOfB: keysOfB,
      recordings: [
        .own: try await admin.startRecording(agent: agent, user: "alice"),
        .colleague: try await admin.startRecording(agent: agent, user: "bob"),
        .flagged: flagged,
        .foreign: try await adminOfB.startRecording(agent: agent, user: "alice"),
        .nonexistent: "0190b0a4-7c3d-7e55-9c11-0123456789ab",
        .malformed: "not-an-id",
      ])
  }

  private static let furnishing = Task {
    let deployment = try await Deployment.shared()
    let tenantA = try await deployment.makeTenant("matrix A")
    let tenantB = try await deployment.makeTenant("matrix B")
    let drafts = roles.map { ($0, Tenant.Draft($0, user: "alice")) }
    return (
      tenantA: tenantA, tenantB: tenantB, keys: try await makeKeys(tenantA),
      keysOfB: try await tenantB.makeKeys(Dictionary(uniqueKeysWithValues: drafts))
        .mapValues(\.text)
    )
  }

  private static func makeKeys(_ tenant: Tenant) async throws -> [Matrix.Caller: String] {
    let drafts: [Matrix.Caller: Tenant.Draft] = [
      .revoked: .init("admin", user: "alice"),
      .expired: .init("admin", user: "alice", expiresAt: "2020-01-01T00:00:00Z"),
      .recorder: .init("recorder"), .boundRecorder: .init("recorder", agent: agent),
      .otherRecorder: .init("recorder", agent: "agent-2"), .member: .init("member", user: "alice"),
      .aliceReviewer: .init("reviewer", user: "alice"), .reviewer: .init("reviewer"),
      .auditor: .init("auditor"), .admin: .init("admin"),
    ]
    let made = try await tenant.makeKeys(drafts)
    if let key = made[.revoked] { try await tenant.revoke(key) }
    var keys = made.mapValues(\.text)
    let admin = keys[.admin] ?? ""
    keys[.garbled] = "hsd_not-a-key"
    keys[.wrongSecret] = admin.dropLast(4) + (admin.hasSuffix("AAAA") ? "BBBB" : "AAAA")
    keys[.unknownKey] = "hsd_0190b0a47c3d7e559c110123456789ab_\(admin.suffix(43))"
    return keys
  }

  /// A client of tenant A; of nobody's for a caller without a key.
  func client(_ caller: Matrix.Caller) -> Client { service.client(keys[caller]) }

  /// The id to ask with. What an action changes is started afresh, so that no other meets it.
  func id(_ thing: Matrix.Thing, for action: Matrix.Action) async throws -> String {
    guard [.stop, .flag].contains(action) else { return recordings[thing] ?? "" }
    switch thing {
    case .own: return try await client(.admin).startRecording(agent: Self.agent, user: "alice")
    case .colleague: return try await client(.admin).startRecording(agent: Self.agent, user: "bob")
    case .flagged:
      let id = try await client(.admin).startRecording(agent: Self.agent, user: "bob")
      let reason = #"{"flag_reason":"for the reviewers"}"#
      _ = try await client(.admin).send(.post, Paths.recording(id, "flag"), json: reason)
      return id
    case .foreign, .nonexistent, .malformed: return recordings[thing] ?? ""
    }
  }

  /// What there is of tenant A.
  var idsOfA: [String] { [.own, .colleague, .flagged].compactMap { recordings[$0] } }

  /// Asks, and returns the answer.
  func ask(
    _ client: Client, _ action: Matrix.Action, _ id: String
  ) async throws -> Answer {
    try await client.send(
      action.method, Paths.recording(id, action.rest), action.body.map { Array($0.utf8) })
  }
}

extension Answer {
  /// The body without what is different in each answer.
  var impersonal: String {
    text.replacing(/"(request_id|instance)":"[^"]*"/, with: "")
  }
}
