// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// A rotation is killed at every message between it and the database: everything can be read at any time, and the
/// next run goes on.
@Suite(.serialized, .database)
struct KeyInterruptionTests {
  private static let application = "hansard-cut-keys"

  enum Kind: Sendable, CaseIterable {
    case master, tenant
  }

  /// Two keyrings of the same keys, of which each seals under another.
  private struct Rings {
    let odd: MasterKeyring
    let even: MasterKeyring

    init() throws {
      let (one, two) = (try KeyLines.make("one"), try KeyLines.make("two"))
      odd = try KeyLines.keyring([one, two])
      even = try KeyLines.keyring([two, one])
    }

    func material(_ number: Int) -> KeyVault.Material {
      .keyring(number.isMultiple(of: 2) ? even : odd)
    }
  }

  /// What is wrong where a rotation was cut, and after another run; nil where there was no such message.
  private static func findings(
    _ kind: Kind, _ cut: CuttingRelay.Cut, _ number: Int, _ rings: Rings, _ ground: WrappedGround
  ) async throws -> [String]? {
    let database = TestDatabase.current
    var settings = ground.fixture.settings
    settings.material = rings.material(number)
    let wasCut = try await CuttingRelay.with(to: database, cutting: cut) { [settings] relay in
      var settings = settings
      settings.database.conninfo = relay.conninfo(role: "hansard_service")
      settings.database.applicationName = application
      let instance = Hansard(settings, observer: .quiet())
      // Whether it says that it is done: what counts is what can be read.
      _ = try? await rotate(kind, instance, ground)
      await instance.close()
      return relay.isCut
    }
    // The server may be at what it was sent for a while.
    try await eventually("a server that is done") {
      try await database.psql(
        "select count(*) from pg_stat_activity where application_name = '\(application)'") == "0\n"
    }
    let tenant = ground.party.tenant
    var findings = try await WrappedGround.unreadable(of: tenant, settings.material)
    let instance = Hansard(settings, observer: .quiet())
    let left = try await rotate(kind, instance, ground)
    if left != 0 { findings.append("left: \(left)") }
    findings += try await WrappedGround.unreadable(of: tenant, settings.material)
    let keys = try await instance.tenantKeys.list(of: tenant)
    if keys.map(\.references) != [ground.count] { findings.append("keys: \(keys)") }
    await instance.close()
    return wasCut ? findings : nil
  }

  private static func rotate(
    _ kind: Kind, _ hansard: Hansard, _ ground: WrappedGround
  ) async throws -> Int64 {
    switch kind {
    case .master: try await hansard.tenantKeys.rotateMasterKey().left
    case .tenant: try await hansard.tenantKeys.rotate(by: ground.party.operatorCaller).left
    }
  }

  @Test(.timeLimit(.minutes(5)), arguments: Kind.allCases, [false, true])
  func aRotationThatIsCutAtAnyMessageIsGoneOnWith(_ kind: Kind, isSent: Bool) async throws {
    let rings = try Rings()
    try await Fixture.run(with: Adjustment { $0.material = .keyring(rings.even) }) { fixture in
      let ground = try await WrappedGround.furnish(fixture, recordings: 2)
      // Between those of the other.
      var number = isSent ? 1 + CutStep.value / 2 : 1
      while let findings = try await Self.findings(
        kind, isSent ? .after(number) : .before(number), number, rings, ground)
      {
        #expect(findings == [], "cut at \(number)")
        number += CutStep.value
      }
      // The harness itself: it has cut often enough to have met every message.
      #expect(number > 30)
      print("rotation: \(kind), cut \(isSent ? "after" : "before") each up to \(number)")
      #expect(try await ground.findings(in: fixture.hansard) + ground.sentAgain() == [])
    }
  }
}
