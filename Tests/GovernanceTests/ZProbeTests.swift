import Postgres
import TestSupport
import Testing
@testable import Governance
@Suite(.serialized, .database)
struct ZProbe {
  @Test func probe() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      for count in [1, 10, 100, 500, 1000] {
        for chosen in [false, true] {
          let drafts = try (0..<count).map { _ in try EventDraft.of(id: chosen ? .make() : nil) }
          for _ in 0..<3 {
            let start = ContinuousClock.now
            _ = try await recordings.append(drafts, to: id, by: acme.recorder)
            print("PROBE", count, chosen, ContinuousClock.now - start)
          }
        }
      }
      var reqs: [AppendRequest] = []
      for _ in 0..<256 {
        let r = try await recordings.started(by: acme)
        let context = try #require(await recordings.contexts.find(r, of: acme.tenant))
        reqs.append(AppendRequest(tenant: acme.tenant, recording: r, key: acme.recorder.principal.key, events: try (0..<7).map { _ in try SealedEvent(.of(), in: context, by: acme.recorder, now: .now()) }))
      }
      let c = try await TestDatabase.current.connect(role: "hansard_service")
      for n in [1, 16, 64, 256] {
        for _ in 0..<3 {
          let qs: [Query] = [.setTenant(acme.tenant), .appendEvents(Array(reqs.prefix(n)), mayBeKnown: false), Query("select 1/0")]
          let start = ContinuousClock.now
          do { _ = try await c.transact(qs) } catch {}
          print("PROBE group", n, ContinuousClock.now - start)
        }
      }
      await c.close()
    }
  }
}
