// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

/// PostgreSQL goes away under load and comes back: refusals are fast and honest, nothing that was
/// acknowledged is missing, and nobody restarts the service.
@Suite(.serialized, .exclusive)
struct OutageTests {
  @Test(.timeLimit(.minutes(3)))
  func aStoppedDatabaseIsAnsweredWith503UntilItIsBack() async throws {
    try await Deployment.with { deployment in
      try await deployment.withService { service in
        let outage = try await Outage.play(on: deployment, service)
        print("outage of \(Effort.outageSeconds) s: \(outage.summary)")
        check(outage)
        #expect(service.exitStatus == nil)
        #expect(service.residentBytes <= outage.residentBytesBefore + 32 << 20)
        try await compare(outage, service)
      }
    }
  }

  private func check(_ outage: Outage) {
    let during = outage.during
    #expect(during.count > 50)
    #expect(during.filter { $0.status != 503 } == [])
    #expect(during.filter { !$0.hasRetryAfter } == [])
    #expect(Set(during.map(\.code)).isSubset(of: ["database_unavailable", "outcome_unknown"]))
    #expect(outage.refusals.percentile(0.99) <= .milliseconds(500))
    #expect(outage.refusals.maximum <= .seconds(2))
    #expect(outage.liveness.count > 50)
    #expect(outage.liveness.filter { $0.status != 200 } == [])
    #expect(outage.livenessTimes.percentile(0.95) <= .milliseconds(50))
    #expect(outage.notReadyAfter <= .seconds(1))
    #expect(outage.firstSuccessAfter <= .seconds(2))
    #expect(outage.readyAfter <= .seconds(2))
  }

  private func compare(_ outage: Outage, _ service: Service) async throws {
    var stored: [Testimony.Stored] = []
    for recording in outage.recordings {
      stored += try await service.client(outage.key).allEvents(of: recording)
        .map { try Testimony.Stored($0, of: recording) }
    }
    #expect(stored.count > 100)
    #expect(Testimony(outage.journal).findings(in: stored) == [])
    #expect(outage.journal.surprises == [])
  }
}
