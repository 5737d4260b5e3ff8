// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// The rotation of a tenant's key and of the master key.
@Suite(.serialized, .database)
struct KeyRotationTests {
  @Test func aTenantsKeyIsReplaced() async throws {
    try await Fixture.run { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      let keys = fixture.hansard.tenantKeys
      let before = try #require(try await keys.list(of: ground.party.tenant).first)
      #expect(before.recordings == 3 && before.recoverySessions == 1)
      #expect(before.webhooks == 1 && before.answers == 1 && before.references == ground.count)
      let marker = try await fixture.recordings.allEvents(
        of: ground.recordings[0], by: ground.party.ann)

      let rotation = try await keys.rotate(by: ground.party.operatorCaller)
      #expect(rotation.isNew && rotation.rewrapped == ground.count)
      #expect(rotation.removed == 1 && rotation.left == 0 && rotation.unreadable == 0)
      let after = try await keys.list(of: ground.party.tenant)
      #expect(after.map(\.id) == [rotation.tenantKey] && after.map(\.state) == [.active])
      #expect(after.map(\.references) == [ground.count] && rotation.tenantKey != before.id)

      // Secrets are recognised by the same fingerprint, and events and requests as the same.
      #expect(try await ground.findings(in: fixture.hansard) + ground.sentAgain() == [])
      try await fixture.withTwin { twin in
        #expect(try await ground.findings(in: twin) == [])
        let id = try await twin.recordings.started(by: ground.party)
        try await fixture.recordings.appendOne(ground.event, to: id, by: ground.party.recorder)
        let again = try await fixture.recordings.allEvents(of: id, by: ground.party.ann)
        #expect(again.map(\.text) == marker.map(\.text))
      }
      #expect(try await auditLines(of: "rotate_tenant_key") == "2\n")
      // A second one takes over what the first has taken over.
      #expect(try await keys.rotate(by: ground.party.operatorCaller).left == 0)
      #expect(try await ground.findings(in: fixture.hansard) + ground.sentAgain() == [])
    }
  }

  private func auditLines(of action: String) async throws -> String {
    try await TestDatabase.current.psql(
      "select count(*) from hansard.canvas_audit where action = '\(action)'")
  }

  @Test func theMasterKeyIsReplaced() async throws {
    let (old, new) = (try KeyLines.make("old"), try KeyLines.make("new"))
    let (first, both) = (try KeyLines.keyring([old]), try KeyLines.keyring([new, old]))
    try await Fixture.run(with: Adjustment { $0.material = .keyring(first) }) { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      var settings = fixture.settings
      settings.material = .keyring(both)
      let operating = Hansard(settings, observer: .quiet())
      let before = try await operating.tenantKeys.masterKeys()
      #expect(before.map(\.id) == ["new", "old"] && before.map(\.state) == [.current, .loaded])
      #expect(before.map(\.tenantKeys) == [0, 2] && before.map(\.isRemovable) == [false, false])

      let rotation = try await operating.tenantKeys.rotateMasterKey()
      #expect(rotation.rewrapped == 2 && rotation.left == 0 && rotation.unreadable == 0)
      let after = try await operating.tenantKeys.masterKeys()
      #expect(after.map(\.tenantKeys) == [2, 0] && after.map(\.isRemovable) == [false, true])
      #expect(try await operating.tenantKeys.rotateMasterKey().rewrapped == 0)
      #expect(try await auditLines(of: "rotate_master_key") == "2\n")
      await operating.close()

      // The old key is of no use any more, and the new one is enough.
      for (lines, readiness) in [([new], Readiness.ready), ([old], .notReady(["sealed"]))] {
        settings.material = .keyring(try KeyLines.keyring(lines))
        let instance = Hansard(settings, observer: .quiet())
        #expect(await instance.health.readiness() == readiness)
        if readiness == .ready { #expect(try await ground.readings(in: instance) == []) }
        await instance.close()
      }
    }
  }

  @Test func aServiceThatKnowsTheOldKeyLoadsTheNewOne() async throws {
    let (old, new) = (try KeyLines.make("old"), try KeyLines.make("new"))
    let (first, both) = (try KeyLines.keyring([old]), try KeyLines.keyring([new, old]))
    let reloading = Adjustment {
      $0.material = .keyring(first)
      // As if the old key had been taken out too early.
      $0.reloadKeys = { .keyring((try? KeyLines.keyring([new])) ?? first) }
    }
    try await Fixture.run(with: reloading) { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      var settings = fixture.settings
      settings.material = .keyring(both)
      let operating = Hansard(settings, observer: .quiet())
      _ = try await operating.tenantKeys.rotateMasterKey()
      await operating.close()
      try await fixture.withTwin { twin in
        #expect(try await ground.readings(in: twin) == [])
        #expect(await twin.health.readiness() == .ready)
        // What it makes from now on is under the new one.
        _ = try await Party(named: "Initech", in: twin)
        let references = try await twin.tenantKeys.masterKeys()
        #expect(references.map(\.id) == ["new", "old"])
        #expect(references.map(\.tenantKeys) == [3, 0])
      }
      // Without anything to load it is sealed, and says so.
      settings.material = .keyring(first)
      settings.reloadKeys = nil
      let lost = Hansard(settings, observer: .quiet())
      #expect(try await refusal { try await ground.readings(in: lost) } == .sealed)
      #expect(await lost.health.readiness() == .notReady(["sealed"]))
      await lost.close()
    }
  }

  @Test func whatDoesNotOpenIsLeftAsItIs() async throws {
    try await Fixture.run { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      try await TestDatabase.current.psql(
        """
        update hansard.recording_keys
        set wrapped = set_byte(wrapped, 30, get_byte(wrapped, 30) # 1)
        where recording_id = '\(ground.recordings[1])'
        """)
      let keys = fixture.hansard.tenantKeys
      let rotation = try await keys.rotate(by: ground.party.operatorCaller)
      #expect(rotation.rewrapped == ground.count - 1)
      #expect(rotation.unreadable == 1 && rotation.left == 1 && rotation.removed == 0)
      let states = try await keys.list(of: ground.party.tenant)
      #expect(states.map(\.state) == [.rotating, .active] && states.first?.references == 1)
      // Run again, it goes on with the same rotation.
      let again = try await keys.rotate(by: ground.party.operatorCaller)
      #expect(!again.isNew && again.tenantKey == rotation.tenantKey && again.left == 1)
    }
  }

  /// The key that was replaced does not go while anything is under it, whoever asks.
  @Test func aKeyThatIsReferredToStays() async throws {
    try await Fixture.run { fixture in
      let ground = try await WrappedGround.furnish(fixture)
      try await TestDatabase.current.psql("update hansard.tenant_keys set state = 'rotating'")
      let key = try await TestDatabase.current.psql(
        "select tenant_key_id from hansard.tenant_keys where tenant_id = '\(ground.party.tenant)'")
      let removal = """
        set hansard.tenant_id = '\(ground.party.tenant)';
        select hansard.remove_tenant_key('\(key.dropLast())')
        """
      #expect(try await TestDatabase.current.psql(removal).hasSuffix("f\n"))
      #expect(try await ground.readings(in: fixture.hansard) == [])
      // The planted defect, and what catches it behind.
      try await Mutant.make(
        "remove_tenant_key", [(of: "wanted) then\n    return false;", to: "wanted) then")])
      await #expect(throws: (any Error).self) { try await TestDatabase.current.psql(removal) }
    }
  }
}
