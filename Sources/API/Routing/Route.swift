// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Governance
package import HTTPTypes

/// One operation that can be asked for: the table of them is the whole of the API.
package struct Route: Sendable {
  /// What answers a request.
  enum Handler: Sendable {
    /// Anybody may ask.
    case open(@Sendable (Exchange) async throws -> Reply)
    /// Whoever has shown valid credentials may ask; whether it may have an answer is decided
    /// behind the gate.
    case authenticated(@Sendable (Exchange, Caller) async throws -> Reply)
  }

  /// The method.
  package let method: HTTPRequest.Method
  /// The path's template: `/api/canvas/recording/{id}/event`.
  package let path: String
  /// What is asked of the domain; nil where anybody may ask.
  package let operation: Governance.Operation?
  /// The body that is taken.
  package let body: BodyPolicy
  /// The query parameters that are known.
  package let query: [String]
  /// Whether the answer is JSON, so that Accept is looked at.
  let isJSON: Bool
  /// Whether a ticket is as good as a key or a token.
  var takesTickets = false
  let handler: Handler
  let segments: [Segment]

  /// One step of a path's template.
  enum Segment: Sendable, Equatable {
    case literal(String)
    case parameter
  }

  /// A route for authenticated callers.
  init(
    _ method: HTTPRequest.Method, _ path: String, _ operation: Governance.Operation,
    body: BodyPolicy = .none, query: [String] = [], isJSON: Bool = true,
    takesTickets: Bool = false,
    handler: @escaping @Sendable (Exchange, Caller) async throws -> Reply
  ) {
    self.init(method, path, operation, body, query, isJSON: isJSON, .authenticated(handler))
    self.takesTickets = takesTickets
  }

  /// A route for anybody.
  init(
    open method: HTTPRequest.Method, _ path: String, isJSON: Bool = true,
    handler: @escaping @Sendable (Exchange) async throws -> Reply
  ) {
    self.init(method, path, nil, .none, [], isJSON: isJSON, .open(handler))
  }

  private init(
    _ method: HTTPRequest.Method, _ path: String, _ operation: Governance.Operation?,
    _ body: BodyPolicy, _ query: [String], isJSON: Bool, _ handler: Handler
  ) {
    self.method = method
    self.path = path
    self.operation = operation
    self.body = body
    self.query = query
    self.isJSON = isJSON
    self.handler = handler
    self.segments = path.dropFirst().split(separator: "/").map {
      $0.utf8.first == UInt8(ascii: "{") ? .parameter : .literal(String($0))
    }
  }
}

extension Route {
  /// The method as it is sent.
  package var methodName: String { method.rawValue }

  /// What kind of id each parameter of the path is.
  package var ids: [String] {
    segments.filter { $0 == .parameter }.map { _ in operation?.idName ?? "id" }
  }

  /// Whether it leaves an audit entry when it is allowed.
  package var isAudited: Bool { operation?.isAudited ?? false }

  /// The roles that can ever pass the gate, for the documentation: those that may do it with a flagged
  /// recording, of their own or of somebody else. Empty where anybody may ask.
  package var roles: Set<Role> {
    guard let operation, let user = UserID("user"), let other = UserID("other"),
      let agent = AgentID("agent")
    else { return [] }
    return Set(
      Role.allCases.filter { role in
        let principal = Principal(
          tenant: .make(), key: .make(), role: role, user: user, agent: nil)
        return [user, other].contains { owner in
          let facts = AccessFacts(owner: owner, agent: agent, isFlagged: true)
          return Policy.decide(principal, operation, on: facts) == .allowed
        }
      })
  }
}
