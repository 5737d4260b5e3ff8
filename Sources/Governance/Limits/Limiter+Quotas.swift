// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Limiter {
  /// Takes `count` of a day's quota, to be used or given back.
  ///
  /// - Returns: nil where there is no quota.
  /// - Throws: `quotaExceeded`, or what the database throws.
  func take(
    _ count: Int, of use: DailyUse, for tenant: TenantID
  ) async throws -> DailyLease.Allotment? {
    let count = Int64(count)
    guard let step = try await step(count, of: use, for: tenant) else { return nil }
    switch step {
    case .taken(let day):
      return .init(tenant: tenant, use: use, day: day, count: count)
    case .exhausted: throw exhausted(use, tenant)
    case .claim(let claim):
      let day = try await settle(claim, of: use, for: tenant)
      return .init(tenant: tenant, use: use, day: day, count: count)
    }
  }

  /// What becomes of the wish; nil where there is no quota.
  private func step(
    _ count: Int64, of use: DailyUse, for tenant: TenantID
  ) async throws -> DailyLease.Step? {
    func ask() -> DailyLease.Step?? {
      withMeter(of: tenant) { meter in meter.withLease(use) { $0.take(count, at: now()) } }
    }
    if let answer = ask() { return answer }
    try await load(tenant)
    return ask() ?? nil
  }

  /// Gives back what was taken and is not used after all.
  func giveBack(_ count: Int, of allotment: DailyLease.Allotment?) {
    guard let allotment, count > 0 else { return }
    _ = withMeter(of: allotment.tenant) { meter in
      meter.withLease(allotment.use) { $0.giveBack(Int64(count), of: allotment.day) }
    }
  }

  private func settle(
    _ claim: DailyLease.Claim, of use: DailyUse, for tenant: TenantID
  ) async throws -> Timestamp {
    let grant: DailyLease.Grant
    do {
      grant = try await self.grant(claim, of: use, for: tenant)
    } catch {
      _ = withMeter(of: tenant) { $0.withLease(use) { $0.abandon(claim) } }
      throw error
    }
    let isSettled = withMeter(of: tenant) { meter in
      meter.withLease(use) { $0.settle(claim, grant, at: now()) }
    }
    // Where the quota was lifted or the tenant forgotten meanwhile, what the database says counts.
    guard (isSettled ?? nil) ?? (grant.granted >= claim.least) else {
      throw exhausted(use, tenant)
    }
    return grant.day
  }

  private func grant(
    _ claim: DailyLease.Claim, of use: DailyUse, for tenant: TenantID
  ) async throws -> DailyLease.Grant {
    let rows = try await database.transaction(of: tenant) { transaction in
      try await transaction.execute(.claimUse(claim, of: use, for: tenant))
    }
    guard let row = rows.first else { throw DomainError.unreadable }
    return try DailyLease.Grant(row, at: now())
  }

  private func exhausted(_ use: DailyUse, _ tenant: TenantID) -> DomainError {
    let name: LimitStanding.Name = use == .events ? .events : .recordings
    let standing = withMeter(of: tenant) { meter in
      meter.withLease(use) { $0.standing(name, at: now()) }
    }
    let known = (standing ?? nil) ?? LimitStanding(name, quota: 0, remaining: 0, wait: nil)
    return known.refusal
  }
}
