// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// The OpenAPI document against the table of routes.
@Suite struct DescribedRoutesTests {
  @Test func everyRouteIsDescribedAndNothingElse() async throws {
    let deployment = try await Deployment.shared()
    let description = try await Description.read()
    var routes: [String: Description.Operation] = [:]
    for route in try await deployment.answer(["routes", "--json"]).elements {
      let name = try "\(route["method"]?.text() ?? "") \(route["path"]?.text() ?? "")"
      routes[name] = Description.Operation(
        action: try route["operation"].flatMap { $0.isNull ? nil : try $0.text() },
        roles: Set(try route["roles"]?.elements.map { try $0.text() } ?? []),
        query: try route["query"]?.elements.map { try $0.text() } ?? [])
    }
    #expect(Set(routes.keys).subtracting(description.operations.keys) == [], "not described")
    #expect(Set(description.operations.keys).subtracting(routes.keys) == [], "no route")
    for (name, route) in routes { #expect(description.operations[name] == route, "\(name)") }
    // Recordings are followed by whoever listens, and retention is the service's own: no routes of their own.
    let actions = Set(routes.values.compactMap(\.action))
      .union([
        "follow_recording", "purge_recovery_sessions", "purge_recordings", "apply_retention_change",
        "complete_abandoned_recording", "archive_recording",
      ])
    #expect(description.actions == actions)
  }
}
