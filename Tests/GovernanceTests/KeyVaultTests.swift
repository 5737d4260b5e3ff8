// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import ServiceLifecycle
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct KeyVaultTests {
  private func run(
    _ material: KeyVault.Material, _ body: (Hansard) async throws -> Void
  ) async throws {
    let hansard = Hansard(try Fixture.settings(material: material), observer: .quiet())
    try await withThrowingTaskGroup { group in
      let writer = try #require(hansard.services.first)
      group.addTask { try await writer.run() }
      try await body(hansard)
      group.cancelAll()
      try await group.waitForAll()
    }
    await hansard.close()
  }

  private func rows() async throws -> String {
    try await TestDatabase.current.psql(
      """
      select (select count(*) from hansard.tenants), (select count(*) from hansard.tenant_keys),
        (select count(*) from hansard.canvas_recordings),
        (select count(*) from hansard.recording_events), (select count(*) from hansard.users)
      """)
  }

  @Test func withoutAKeyTheServiceIsSealed() async throws {
    let old = try KeyLines.make("old")
    try await run(.keyring(KeyLines.keyring([old]))) { first in
      let party = try await Party(named: "Acme", in: first)
      let id = try await first.recordings.started(by: party)
      try await first.recordings.appendOne(.of("1"), to: id, by: party.recorder)
      let before = try await rows()
      // Missing, another one, and a wrong one under the right name.
      let wrong: [KeyVault.Material] = [
        .missing(reason: "the master key file cannot be read"),
        .keyring(try KeyLines.keyring([KeyLines.make("new")])),
        .keyring(try KeyLines.keyring([KeyLines.make("old")])),
        .keyring(try KeyLines.keyring([KeyLines.make("new"), KeyLines.make("old")])),
      ]
      for material in wrong {
        try await run(material) { sealed in
          let name = try #require(DisplayName("Globex"))
          let codes = [
            try await refusal { try await sealed.recordings.started(by: party) },
            try await refusal {
              try await sealed.recordings.startAutomatically(.by(), by: party.recorder)
            },
            try await refusal {
              try await sealed.recordings.append([.of()], to: id, by: party.recorder)
            },
            try await refusal { try await sealed.recordings.find(id, by: party.ann) },
            try await refusal { try await sealed.tenants.create(name: name) },
          ]
          #expect(codes == Array(repeating: .sealed, count: 5))
          #expect(await sealed.health.readiness() == .notReady(["sealed"]))
        }
      }
      #expect(try await rows() == before)
      #expect(await first.health.readiness() == .ready)
    }
  }

  @Test func aNewCurrentKeyLeavesOldTenantsReadable() async throws {
    let (old, new) = (try KeyLines.make("old"), try KeyLines.make("new"))
    let database = TestDatabase.current
    var before: (Party, RecordingID)?
    try await run(.keyring(KeyLines.keyring([old]))) { hansard in
      let party = try await Party(named: "Acme", in: hansard)
      let id = try await hansard.recordings.started(by: party)
      try await hansard.recordings.appendOne(.of("\"old\""), to: id, by: party.recorder)
      before = (party, id)
    }
    let (acme, id) = try #require(before)
    try await run(.keyring(KeyLines.keyring([new, old]))) { hansard in
      #expect(await hansard.health.readiness() == .ready)
      try await hansard.recordings.appendOne(.of("\"new\""), to: id, by: acme.recorder)
      let events = try await hansard.recordings.allEvents(of: id, by: acme.ann)
      #expect(events.map(\.text) == ["\"old\"", "\"new\""])
      let globex = try await Party(named: "Globex", in: hansard)
      _ = try await hansard.recordings.started(by: globex)
    }
    let ids = try await database.psql(
      "select master_key_id from hansard.tenant_keys order by created_at")
    #expect(ids == "old\nnew\n")
    // Whoever has only the new one is sealed: what is there could not be read.
    try await run(.keyring(KeyLines.keyring([new]))) { hansard in
      #expect(await hansard.health.readiness() == .notReady(["sealed"]))
    }
  }

  @Test func aKeyThatWasTamperedWithOpensNothing() async throws {
    try await Fixture.run { fixture in
      let id = try await fixture.recordings.started(by: fixture.acme)
      let other = try await fixture.recordings.started(by: fixture.acme)
      try await fixture.recordings.appendOne(.of("1"), to: id, by: fixture.acme.recorder)
      for change in [
        "wrapped = set_byte(wrapped, 30, get_byte(wrapped, 30) # 1)",
        "commitment = set_byte(commitment, 3, get_byte(commitment, 3) # 1)",
        "wrapped = (select wrapped from hansard.recording_keys where recording_id = '\(other)')",
      ] {
        try await TestDatabase.current.psql(
          """
          create table if not exists kept as select * from hansard.recording_keys;
          update hansard.recording_keys set \(change) where recording_id = '\(id)'
          """)
        let code = try await refusal {
          try await fixture.recordings.find(id, by: fixture.acme.ann)
        }
        #expect(code == .integrityFailure, "\(change)")
        try await TestDatabase.current.psql(
          """
          update hansard.recording_keys as k set wrapped = s.wrapped, commitment = s.commitment
          from kept as s where s.recording_id = k.recording_id
          """)
      }
      #expect(
        try await fixture.recordings.allEvents(of: id, by: fixture.acme.ann).map(\.text) == ["1"])
    }
  }
}
