// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Holds tenants to the limits of their policies.
///
/// Rates are token buckets in memory: each instance has its own. Quotas are claimed from the database
/// in pieces (`DailyLease`). The limits of a tenant are read at its first request and from then on by
/// `LimitWorker`, in rounds, so that neither a request without limits nor one that is refused asks the
/// database for anything.
package final class Limiter: Sendable {
  /// The most tenants that are known at the same time.
  static let maximumTenants = 8192

  let database: Database
  let now: @Sendable () -> ContinuousClock.Instant
  let meters = Mutex<[TenantID: TenantMeter]>([:])

  /// Creates a limiter that knows nobody yet; tests bring a clock of their own.
  init(
    database: Database,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
  ) {
    self.database = database
    self.now = now
  }

  /// Settles whether `principal` may ask for `operation` now, and counts the request if so.
  ///
  /// - Parameter mayBeDone: Whether the request has a name under which it may have been done before:
  ///   that it would start a recording is not held against it yet.
  /// - Throws: What the database throws, at the first request of a tenant.
  package func admit(
    _ principal: Principal, _ operation: Operation, mayBeDone: Bool
  ) async throws -> LimitVerdict {
    if let verdict = judge(principal, operation, mayBeDone) { return verdict }
    try await load(principal.tenant)
    return judge(principal, operation, mayBeDone) ?? .unlimited
  }

  /// Where `principal` stands at this moment.
  package func standings(of principal: Principal) -> [LimitStanding] {
    withMeter(of: principal.tenant) { $0.standings(of: principal.key, at: now()) } ?? []
  }

  /// Goes on under a policy that was just set.
  func follow(_ policy: TenantPolicy, of tenant: TenantID) {
    _ = withMeter(of: tenant) {
      $0.follow(policy.terms.limits, version: policy.version, at: now())
    }
  }

  /// The verdict; nil for a tenant that is not known yet.
  private func judge(
    _ principal: Principal, _ operation: Operation, _ mayBeDone: Bool
  ) -> LimitVerdict? {
    withMeter(of: principal.tenant) { meter in
      // Written only where it changes: nearly always it is so already.
      if meter.idleRounds != 0 { meter.idleRounds = 0 }
      guard !meter.isUnlimited else { return .unlimited }
      let now = self.now()
      var refusing = mayBeDone ? nil : meter.exhausted(by: operation, at: now)
      if refusing == nil, !operation.isAlwaysAdmitted(to: principal.role) {
        refusing = meter.count(principal.key, at: now)
      }
      let standings = meter.standings(of: principal.key, at: now)
      let refusal = standings.first { $0.name == refusing }?.refusal
      return LimitVerdict(standings: standings, refusal: refusal)
    }
  }

  func withMeter<Result: Sendable>(
    of tenant: TenantID, _ body: (inout TenantMeter) -> Result
  ) -> Result? {
    meters.withLock { meters in
      guard let index = meters.index(forKey: tenant) else { return nil }
      return body(&meters.values[index])
    }
  }

  /// Reads what limits a tenant has that is not known yet.
  func load(_ tenant: TenantID) async throws {
    let rows = try await database.read(.tenantLimits(of: tenant), of: tenant)
    let (version, limits) = try TenantLimits.reading(rows)
    let now = self.now()
    meters.withLock { meters in
      if meters[tenant] == nil, meters.count >= Self.maximumTenants { Self.makeRoom(in: &meters) }
      meters[tenant, default: TenantMeter(version: version, limits: limits, at: now)]
        .follow(limits, version: version, at: now)
    }
  }

  private static func makeRoom(in meters: inout [TenantID: TenantMeter]) {
    let candidate = meters.first { $0.value.idleRounds > 0 } ?? meters.first
    if let candidate { meters[candidate.key] = nil }
  }
}

extension Operation {
  /// Whether it is never limited for this role: what an admin needs to lift a limit, or to stop the
  /// key that uses it up.
  fileprivate func isAlwaysAdmitted(to role: Role) -> Bool {
    switch self {
    case .readPolicy, .managePolicy, .readKeys, .revokeKey: role == .admin
    default: false
    }
  }
}
