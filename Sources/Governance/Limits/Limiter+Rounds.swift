// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Synchronization

extension Limiter {
  /// One round: gives back what is held of quotas and not used, forgets tenants that have been idle,
  /// and reads anew what limits the others have.
  func makeRound() async throws {
    let now = self.now()
    let (known, surplus) = meters.withLock { meters in
      let surplus = Self.surplus(in: &meters, isEnding: false)
      for tenant in meters.keys {
        meters[tenant]?.idleRounds += 1
        if meters[tenant]?.isForgettable(at: now) ?? false { meters[tenant] = nil }
      }
      return (Array(meters.keys), surplus)
    }
    try await giveBack(surplus)
    for start in stride(from: 0, to: known.count, by: 100) {
      try await reload(Array(known[start..<min(start + 100, known.count)]))
    }
  }

  /// The tenants that are known, for tests.
  var tenantCount: Int { meters.withLock(\.count) }

  /// Gives everything back: the service ends.
  func end() async throws {
    try await giveBack(meters.withLock { Self.surplus(in: &$0, isEnding: true) })
  }

  private func reload(_ tenants: [TenantID]) async throws {
    let results = try await database.read(
      tenants.map { (tenant: $0, query: .tenantLimits(of: $0)) })
    for (tenant, rows) in zip(tenants, results) {
      let (version, limits) = try TenantLimits.reading(rows)
      _ = withMeter(of: tenant) { $0.follow(limits, version: version, at: now()) }
    }
  }

  private static func surplus(
    in meters: inout [TenantID: TenantMeter], isEnding: Bool
  ) -> [DailyLease.Allotment] {
    var surplus: [DailyLease.Allotment] = []
    for tenant in meters.keys {
      for use in DailyUse.allCases {
        let left = meters[tenant]?.withLease(use) { $0.surrender(isEnding: isEnding) }
        guard case let (day, count)?? = left else { continue }
        surplus.append(.init(tenant: tenant, use: use, day: day, count: count))
      }
    }
    return surplus
  }

  private func giveBack(_ surplus: [DailyLease.Allotment]) async throws {
    for (index, piece) in surplus.enumerated() {
      do {
        _ = try await database.transaction(of: piece.tenant) { transaction in
          try await transaction.execute(.surrenderUse(piece))
        }
      } catch {
        // What may have been given back is not to be used.
        let isUnknown = (error as? DomainError)?.code == .outcomeUnknown
        for piece in surplus[(isUnknown ? index + 1 : index)...] {
          giveBack(Int(clamping: piece.count), of: piece)
        }
        throw error
      }
    }
  }
}
