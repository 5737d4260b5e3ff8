// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport

/// A small issuer: keys that can be changed while it serves them, and tokens signed with them.
final class TestIssuer: Sendable {
  static let name = "https://id.example"
  static let audience = "hansard-tests"

  private struct State {
    var published: [SigningKey] = []
    var isDown = false
  }

  private let state = Mutex(State())
  private let server: ScriptedServer

  private init(server: ScriptedServer) { self.server = server }

  /// Lends an issuer that serves the public parts of `keys`.
  static func with<T: Sendable>(
    _ keys: [SigningKey], _ body: (TestIssuer) async throws -> T
  ) async throws -> T {
    let current = Mutex<TestIssuer?>(nil)
    let reply: @Sendable (ScriptedServer.Request, Int) -> ScriptedServer.Reply = { _, _ in
      current.withLock { $0 }?.reply ?? .answer(503, "")
    }
    return try await ScriptedServer.with(reply) { server in
      let issuer = TestIssuer(server: server)
      issuer.publish(keys)
      current.withLock { $0 = issuer }
      return try await body(issuer)
    }
  }

  /// Serves the public parts of these keys from now on.
  func publish(_ keys: [SigningKey]) {
    state.withLock { $0 = State(published: keys) }
  }

  /// Answers nobody any more.
  func goDown() { state.withLock { $0.isDown = true } }

  /// How often the keys were asked for.
  var fetches: Int { server.requests.count }

  /// What a service needs to know of it.
  var environment: [String: String] {
    [
      "HANSARD_ENV": "test", "HANSARD_OIDC_ISSUER": Self.name,
      "HANSARD_OIDC_AUDIENCE": Self.audience, "HANSARD_OIDC_KEYS": server.url + "/keys",
    ]
  }

  private var reply: ScriptedServer.Reply {
    state.withLock { state in
      guard !state.isDown else { return .answer(503, "") }
      return .answer(200, "{\"keys\":[\(state.published.map { $0.jwk() }.joined(separator: ","))]}")
    }
  }

  /// A token that is right.
  static func token(
    _ key: SigningKey, _ tenant: Tenant, user: String, role: String
  ) -> TokenText {
    TokenText(
      key, at: Int(Date.now.timeIntervalSince1970),
      [
        ("iss", "\"\(name)\""), ("aud", "[\"\(audience)\"]"), ("sub", "\"\(user)\""),
        ("tenant_id", "\"\(tenant.id)\""), ("roles", "[\"\(role)\"]"),
      ])
  }
}
