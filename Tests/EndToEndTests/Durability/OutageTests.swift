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
        try await check(outage, service)
      }
    }
  }

  /// A database that halts and says nothing is noticed by the deadline of an exchange alone:
  /// slower, and just as honest.
  @Test(.timeLimit(.minutes(3)))
  func aFrozenDatabaseIsAnsweredWith503UntilItIsBack() async throws {
    try await Deployment.with { deployment in
      try await deployment.withService { service in
        let outage = try await Outage.play(.frozen, on: deployment, service)
        print("frozen for \(Effort.outageSeconds) s: \(outage.summary)")
        try await check(outage, service)
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
          try await check(outage, service)
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
        try await check(outage, service)
      }
    }
  }

  /// The same comparison must notice a service that acknowledges before the commit, and nothing of
  /// one that does not.
  @Test(.timeLimit(.minutes(2)), arguments: [true, false])
  func theComparisonNoticesAcknowledgementsBeforeTheCommit(isDefective: Bool) async throws {
    let environment = isDefective ? EarlyReceipts.environment : [:]
    try await Deployment.with { deployment in
      try await deployment.delayCommits()
      try await deployment.withService(environment) { service in
        let outage = try await Outage.play(
          .stopped, on: deployment, service, lasting: .seconds(2))
        let findings = try await findings(outage, service)
        let defect = isDefective ? "with" : "without"
        print(
          "outage \(defect) the planted defect: \(findings.losses.count) lost; \(outage.summary)")
        if isDefective {
          #expect(!findings.losses.isEmpty)
        } else {
          #expect(findings == [])
        }
      }
    }
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

  private func check(_ outage: Outage, _ service: Service) async throws {
    #expect(outage.breaches == [])
    #expect(service.exitStatus == nil)
    #expect(service.residentBytes <= outage.residentBytesBefore + 32 << 20)
    #expect(try await findings(outage, service) == [])
    #expect(outage.journal.surprises == [])
  }

  /// What the journals say against what is stored.
  private func findings(
    _ outage: Outage, _ service: Service
  ) async throws -> [Testimony.Finding] {
    var stored: [Testimony.Stored] = []
    for recording in outage.recordings {
      stored += try await service.client(outage.key).allEvents(of: recording)
        .map { try Testimony.Stored($0, of: recording) }
    }
    #expect(stored.count > 100)
    return Testimony(outage.journal).findings(in: stored)
  }
}
