// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Governance

struct TenantMeterTests {
  private static let start = ContinuousClock.now

  private func makeMeter(tenant: Int?, key: Int?) -> TenantMeter {
    let rates = [tenant, key].map { $0.map { TenantLimits.Rate(perMinute: $0, burst: $0) } }
    return TenantMeter(
      version: 1, limits: .init(tenantRate: rates[0], keyRate: rates[1]), at: Self.start)
  }

  /// What refuses a request at `moment`; nil: nothing.
  private func refusing(
    _ key: KeyID, _ meter: inout TenantMeter, at moment: ContinuousClock.Instant = start
  ) -> LimitStanding.Name? {
    meter.count(key, at: moment)
  }

  private func isForgettable(_ meter: inout TenantMeter, after time: Duration) -> Bool {
    meter.isForgettable(at: Self.start + time)
  }

  @Test(arguments: [(nil, 3, 3), (5, nil, 5), (5, 3, 3), (2, 3, 2)] as [(Int?, Int?, Int)])
  func theNarrowerOfBothHolds(tenant: Int?, key: Int?, allowed: Int) {
    var meter = makeMeter(tenant: tenant, key: key)
    let name = KeyID.make()
    var counted = 0
    while counted < 10, refusing(name, &meter) == nil { counted += 1 }
    #expect(counted == allowed)
    let expected: LimitStanding.Name = allowed == key ? .key : .tenant
    #expect(refusing(name, &meter) == expected)
  }

  /// What a key is refused, the others of its tenant still have.
  @Test func aKeyThatIsRefusedTakesNothingFromOthers() {
    var meter = makeMeter(tenant: 4, key: 3)
    let (greedy, modest) = (KeyID.make(), KeyID.make())
    for _ in 0..<100 { _ = meter.count(greedy, at: Self.start) }
    #expect(refusing(modest, &meter) == nil)
    #expect(refusing(modest, &meter) == .tenant)
  }

  @Test func whereSomebodyStandsIsToldForEachLimit() {
    var meter = makeMeter(tenant: 60, key: 30)
    let name = KeyID.make()
    let unused = meter.standings(of: name, at: Self.start)
    #expect(unused.map(\.wait) == [nil, nil])
    for _ in 0..<30 { _ = meter.count(name, at: Self.start) }
    let standings = meter.standings(of: name, at: Self.start + .milliseconds(500))
    #expect(standings.map(\.name) == [.tenant, .key])
    #expect(standings.map(\.quota) == [60, 30])
    #expect(standings.map(\.remaining) == [30, 0])
    #expect(standings.map(\.wait) == [.milliseconds(500), .milliseconds(1500)])
  }

  @Test func anOlderPolicyIsNotFollowed() {
    var meter = makeMeter(tenant: 5, key: nil)
    meter.follow(.none, version: 0, at: Self.start)
    #expect(meter.limits.tenantRate?.perMinute == 5)
    meter.follow(.none, version: 2, at: Self.start)
    #expect(meter.isUnlimited && meter.version == 2)
  }

  @Test func noNumberOfKeysMakesItGrow() {
    var meter = makeMeter(tenant: nil, key: 2)
    let first = KeyID.make()
    _ = meter.count(first, at: Self.start)
    for _ in 0..<(2 * TenantMeter.maximumKeys) { _ = meter.count(.make(), at: Self.start) }
    #expect(meter.keyCount <= TenantMeter.maximumKeys)
  }

  @Test func itIsForgottenOnlyWhereNobodyGainsByThat() {
    var meter = makeMeter(tenant: 6, key: nil)
    _ = meter.count(nil, at: Self.start)
    #expect(!isForgettable(&meter, after: .seconds(60)))
    meter.idleRounds = TenantMeter.patience
    #expect(!isForgettable(&meter, after: .seconds(9)))
    #expect(isForgettable(&meter, after: .seconds(10)))
  }
}
