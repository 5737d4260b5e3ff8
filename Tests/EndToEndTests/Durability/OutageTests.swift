// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import TestSupport
import Testing

/// PostgreSQL goes away under load and comes back: refusals are fast and honest, nothing that was
/// acknowledged is missing, and nobody restarts the service.
@Suite(.serialized, .exclusive)
struct OutageTests {
  @Test(.timeLimit(.minutes(3)))
  func aStoppedDatabaseIsAnsweredWith503UntilItIsBack() async throws {
    try await Deployment.with { deployment in
      try await deployment.withService { service in
        let outage = try await Outage.play(.stopped, on: deployment, service)
        print("outage of \(Effort.outageSeconds) s: \(outage.summary)")
        check(outage)
        #expect(service.exitStatus == nil)
        #expect(service.residentBytes <= outage.residentBytesBefore + 32 << 20)
        try await compare(outage, service)
      }
    }
  }

  /// A database that halts and says nothing is noticed by the deadline of an exchange alone:
  /// slower, and just as honest. No request waits longer than 2 s behind others and 5 s for its own
  /// exchange.
  @Test(.timeLimit(.minutes(3)))
  func aFrozenDatabaseIsAnsweredWith503UntilItIsBack() async throws {
    try await Deployment.with { deployment in
      try await deployment.withService { service in
        let outage = try await Outage.play(.frozen, on: deployment, service)
        print("frozen for \(Effort.outageSeconds) s: \(outage.summary)")
        #expect(outage.during.filter { $0.status != 503 } == [])
        #expect(outage.notReadyAfter <= .seconds(6))
        checkSlow(outage, service)
        try await compare(outage, service)
      }
    }
  }

  /// To the service, a network that brings nothing back is the same.
  @Test(.timeLimit(.minutes(3)))
  func aSilentNetworkIsAnsweredWith503UntilItIsBack() async throws {
    try await Deployment.with { deployment in
      let postgres = deployment.postgres
      try await Relay.with(to: postgres.socketDirectory, port: postgres.port) { relay in
        let database =
          "host=\(relay.directory) port=\(postgres.port) user=hansard_service dbname=postgres"
        try await deployment.withService(["DATABASE_URL": database]) { service in
          let outage = try await Outage.play(.silent, on: deployment, service, through: relay)
          print("silent for \(Effort.outageSeconds) s: \(outage.summary)")
          #expect(outage.during.filter { $0.status != 503 } == [])
          #expect(outage.notReadyAfter <= .seconds(6))
          checkSlow(outage, service)
          try await compare(outage, service)
        }
      }
    }
  }

  /// The database is there and its most important table is not: what needs it is refused, by the
  /// limit of waiting for a lock.
  @Test(.timeLimit(.minutes(3)))
  func aLockedTableIsAnsweredWith503UntilItIsFree() async throws {
    try await Deployment.with { deployment in
      try await deployment.withService { service in
        let outage = try await Outage.play(.locked, on: deployment, service)
        print("locked for \(Effort.outageSeconds) s: \(outage.summary)")
        #expect(outage.during.filter { $0.status != 503 } == [])
        checkSlow(outage, service)
        try await compare(outage, service)
      }
    }
  }

  /// What holds wherever only the passing of a deadline tells that the database does not answer.
  private func checkSlow(_ outage: Outage, _ service: Service) {
    #expect(!outage.during.isEmpty)
    #expect(outage.during.filter { !$0.hasRetryAfter } == [])
    let codes = ["database_unavailable", "outcome_unknown", "overloaded", "audit_unavailable"]
    #expect(Set(outage.during.map(\.code)).isSubset(of: codes))
    #expect(outage.refusals.maximum <= .seconds(8))
    #expect(outage.liveness.filter { $0.status != 200 } == [])
    #expect(outage.livenessTimes.percentile(0.95) <= .milliseconds(50))
    #expect(outage.firstSuccessAfter <= .seconds(2))
    #expect(service.exitStatus == nil)
    #expect(service.residentBytes <= outage.residentBytesBefore + 32 << 20)
  }

  /// A service may come up before its database does.
  @Test func aServiceWaitsForItsDatabase() async throws {
    try await Deployment.with { deployment in
      let key = try await deployment.makeTenant("early").makeKey(.init("admin", user: "alice")).text
      await deployment.postgres.stop(.fast)
      let service = try await deployment.startService(untilReady: false)
      let ready = await service.probe("/readyz")
      #expect(ready?.status == 503)
      #expect(ready?.code == "database_unavailable")
      let refused = try await service.client(key).send(.get, Paths.recordings)
      #expect(refused.status == 503)
      try await deployment.postgres.restart()
      try await eventually(within: .seconds(5), "a ready service") {
        await service.probe("/readyz")?.status == 200
      }
      _ = try await service.client(key).startRecording()
      #expect(try await service.stop() == .exited(0))
    }
  }

  private func check(_ outage: Outage) {
    let during = outage.during
    #expect(during.count > 50)
    #expect(during.filter { $0.status != 503 } == [])
    #expect(during.filter { !$0.hasRetryAfter } == [])
    #expect(Set(during.map(\.code)).isSubset(of: ["database_unavailable", "outcome_unknown"]))
    // What a busy machine adds to any answer shows at `/livez`, which needs no database.
    let delay = outage.livenessTimes.percentile(0.99)
    #expect(outage.refusals.percentile(0.99) <= .milliseconds(500) + delay)
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
