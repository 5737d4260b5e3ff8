// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes

/// How callers are held to their tenants' limits.
struct RequestLimits: Sendable {
  /// Settles whether somebody may ask for an operation now; `mayBeDone` says that the request has a name.
  let admit:
    @Sendable (_ who: Principal, _ what: Governance.Operation, _ mayBeDone: Bool) async throws ->
      LimitVerdict
  /// Where somebody stands.
  let standings: @Sendable (Principal) -> [LimitStanding]

  /// Lets everybody through.
  static let none = RequestLimits(
    admit: { _, _, _ in .unlimited }, standings: { _ in [] })
}

extension HTTPFields {
  /// Adds `RateLimit-Policy` and `RateLimit`, structured fields (RFC 9651) as in
  /// draft-ietf-httpapi-ratelimit-headers-10: lists of the limits' names with, in the first, the quota,
  /// its window in seconds and its unit where that is not requests, in the second what remains and after
  /// how many seconds there is more.
  mutating func add(_ standings: [LimitStanding]) {
    self[.rateLimitPolicy] = standings.map(\.policyItem).joined(separator: ", ")
    self[.rateLimit] = standings.map(\.item).joined(separator: ", ")
  }
}

extension LimitStanding {
  fileprivate var policyItem: String {
    let item = "\"\(name.rawValue)\";q=\(quota);w=\(window.secondsRoundedUp)"
    return unit.map { "\(item);qu=\"\($0)\"" } ?? item
  }

  fileprivate var item: String {
    let item = "\"\(name.rawValue)\";r=\(remaining)"
    return wait.map { "\(item);t=\($0.secondsRoundedUp)" } ?? item
  }

  private var unit: String? {
    switch name {
    case .tenant, .key: nil
    case .events, .recordings: name.rawValue
    }
  }
}

extension Duration {
  /// Whole seconds, at least one: what is sent back earlier than that would come too early.
  var secondsRoundedUp: Int {
    let (seconds, attoseconds) = components
    let whole = Int(clamping: seconds)
    return max(1, attoseconds > 0 && whole < .max ? whole + 1 : whole)
  }
}

extension HTTPField.Name {
  static let rateLimit = Self("RateLimit") ?? .eTag
  static let rateLimitPolicy = Self("RateLimit-Policy") ?? .eTag
}
