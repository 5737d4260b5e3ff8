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
  private let recordings: [Matrix.Thing: String]

  static let agent = "agent-1"
  static let roles = ["recorder", "member", "reviewer", "auditor", "admin"]

  /// The tenants and keys are made once, the recordings for each stage.
  static func make(_ service: Service) async throws -> MatrixStage {
    let furniture = try await furnishing.value
    let admin = service.client(furniture.keys[.admin])
    let adminOfB = service.client(furniture.keys[.adminOfB])
    func make(_ owner: String, flagged: Bool = false) async throws -> String {
      try await admin.make(
        .recording, .init(owner: owner, words: words(of: .admin), isFlagged: flagged))
    }
    return MatrixStage(
      service: service, tenantA: furniture.tenantA, tenantB: furniture.tenantB,
      keys: furniture.keys,
      recordings: [
        .own: try await make("alice"), .colleague: try await make("bob"),
        .flagged: try await make("bob", flagged: true),
        .foreign: try await adminOfB.make(.recording, .init(words: words(of: .adminOfB))),
      ])
  }

  private static let furnishing = Task {
    let deployment = try await Deployment.shared()
    let tenantA = try await deployment.makeTenant("matrix A")
    let tenantB = try await deployment.makeTenant("matrix B")
    return (
      tenantA: tenantA, tenantB: tenantB,
      keys: try await makeKeys(tenantA).merging(try await makeKeysOfB(tenantB)) { $1 }
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

  private static func makeKeysOfB(_ tenant: Tenant) async throws -> [Matrix.Caller: String] {
    let drafts = Matrix.Caller.allCases.filter(\.isOfB).compactMap { caller in
      caller.role.map { (caller, Tenant.Draft($0, user: "alice")) }
    }
    return try await tenant.makeKeys(Dictionary(uniqueKeysWithValues: drafts)).mapValues(\.text)
  }

  /// A client of a tenant; of nobody's for a caller without a key.
  func client(_ caller: Matrix.Caller) -> Client { service.client(keys[caller]) }

  /// Every key of tenant B.
  static let callersOfB = Matrix.Caller.allCases.filter(\.isOfB)

  /// A recording that is there, which no test changes.
  func recording(_ thing: Matrix.Thing) throws -> String {
    guard let id = recordings[thing] else { throw TestSupportError("no recording is \(thing)") }
    return id
  }

  /// What there is of tenant A.
  var idsOfA: [String] { [.own, .colleague, .flagged].compactMap { recordings[$0] } }

  /// What stands in every text of the tenant of `caller`, and in no other's.
  static func words(of caller: Matrix.Caller) -> String {
    caller.isOfB ? "only-in-tenant-B" : "only-in-tenant-A"
  }
}

extension Answer {
  /// The body without what is different in each answer.
  var impersonal: String {
    text.replacing(/"(request_id|instance)":"[^"]*"/, with: "")
  }
}
