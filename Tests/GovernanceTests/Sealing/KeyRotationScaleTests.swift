// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// Many batches of keys; `KEYS_WRAPPED` says how many keys.
@Suite(.serialized, .database)
struct KeyRotationScaleTests {
  private static let count =
    ProcessInfo.processInfo.environment["KEYS_WRAPPED"].flatMap { Int($0) } ?? 2600

  /// Recordings without events, each with a data key of its own under the tenant's.
  private func plant(_ fixture: Fixture) async throws {
    let tenant = fixture.acme.tenant
    try await PlantedRecordings(name: "many", count: Self.count, events: 0, expiringIn: "1 day")
      .plant(of: tenant)
    let row = try #require(
      try await fixture.recordings.gate.database.read(.redactionBasis(of: tenant), of: tenant).first
    )
    var column = row.reader()
    _ = try column.next(Int32.self)
    let key = try fixture.recordings.vault.tenantKey(
      try WrappedTenantKey(reading: &column), of: tenant)
    let connection = try await TestDatabase.current.connect(role: "postgres")
    let rows = try await connection.execute(
      Query("select recording_id from hansard.recording_keys"))
    let ids = try rows.map { try $0.decode(0, as: UUID.self) }
    for start in stride(from: 0, to: ids.count, by: 5000) {
      let some = Array(ids[start..<min(start + 5000, ids.count)])
      let keys = try some.map { id in
        let data = try DataKey.generate()
        return (try key.wrap(data, tenant: tenant.uuid, recording: id), data.commitment)
      }
      _ = try await connection.execute(
        Query(
          """
          update hansard.recording_keys as k
          set wrapped = n.wrapped, commitment = n.commitment
          from unnest($1, $2, $3) as n (id, wrapped, commitment)
          where k.recording_id = n.id
          """, some, keys.map(\.0), keys.map(\.1)))
    }
    await connection.close()
  }

  @Test(.timeLimit(.minutes(20))) func everyBatchIsWrappedAnew() async throws {
    try await Fixture.run { fixture in
      try await plant(fixture)
      let caller = fixture.acme.operatorCaller
      for round in 1...3 {
        let start = ContinuousClock.now
        let rotation = try await fixture.hansard.tenantKeys.rotate(by: caller)
        print("rotation \(round): \(rotation.rewrapped) keys in \(ContinuousClock.now - start)")
        #expect(rotation.rewrapped == Int64(Self.count) && rotation.unreadable == 0)
        #expect(rotation.removed == 1 && rotation.left == 0)
      }
      let keys = try await fixture.hansard.tenantKeys.list(of: fixture.acme.tenant)
      #expect(keys.map(\.references) == [Int64(Self.count)])
    }
  }
}
