// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

extension Client {
  static let policy = "/api/governance/policy"

  /// Sets limits in place of those in force.
  func limit(rates: String = "{}", quotas: String = "{}") async throws {
    let current = try await send(.get, Self.policy)
    let answer = try await send(
      .put, Self.policy, json: #"{"rate_limits":\#(rates),"quotas":\#(quotas)}"#,
      headers: current.headers["etag"].map { ("If-Match", $0) })
    guard answer.status == 200 else {
      throw TestSupportError("no policy: \(answer.status) \(answer.text)")
    }
  }
}

extension Answer {
  /// What `RateLimit` says is left of a limit; nil where it says nothing of it.
  func left(_ limit: String) -> Int? {
    let items = headers["ratelimit"].first?.split(separator: ", ") ?? []
    let parts = items.first { $0.hasPrefix("\"\(limit)\";r=") }?.split(separator: ";")
    return parts.flatMap { Int($0[1].dropFirst(2)) }
  }
}
