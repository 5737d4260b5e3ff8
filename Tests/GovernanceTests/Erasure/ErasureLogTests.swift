// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// What is erased is written to files apart from the database: all of it, once, whoever is interrupted.
@Suite(.serialized, .database)
struct ErasureLogTests {
  private func waiting() async throws -> String {
    try await TestDatabase.current.psql("select count(*) from hansard.erasures")
  }

  @Test func everyErasureIsLogged() async throws {
    try await ErasureGround.run { ground in
      let things = try await ground.furnish()
      let keys = try await TestDatabase.current.psql(
        """
        select encode(commitment, 'hex') from hansard.recording_keys
        union all select encode(commitment, 'hex') from hansard.recovery_keys
        union all select tenant_key_id::text from hansard.tenant_keys
        where tenant_id = '\(ground.fixture.acme.tenant)'
        """)
      try await ground.erase(things)
      // The run of the retention worker has logged what was erased before it.
      #expect(try await ground.log.position() == 1)
      #expect(try await ground.log.write() == 6)
      #expect(try await ground.log.write() == 0)
      #expect(try await waiting() == "0\n")
      var logged: Set<String> = []
      for segment in 1...Int64(2) {
        for erasure in try #require(try await ground.log.files.read(segment)) {
          let subject = erasure.subject
          logged.insert(
            subject.commitment.map { Hexadecimal.text(of: $0) }
              ?? subject.tenantKey?.uuidString.lowercased() ?? "")
        }
      }
      #expect(logged == Set(keys.split(separator: "\n").map(String.init)))
      #expect(logged.count == 9)
      #expect(try await ground.log.look() == .current)
    }
  }

  /// The destruction of a key that was replaced erases nothing.
  @Test func aRotationIsNoErasure() async throws {
    try await ErasureGround.run { ground in
      let wrapped = try await WrappedGround.furnish(ground.fixture)
      _ = try await ground.fixture.hansard.tenantKeys.rotate(
        by: wrapped.party.operatorCaller)
      #expect(try await waiting() == "0\n")
      #expect(try await wrapped.findings(in: ground.fixture.hansard) == [])
    }
  }

  /// Five at once write each erasure once, in files without a gap.
  @Test func manyMayWrite() async throws {
    try await ErasureGround.run { ground in
      try await plant(5500)
      try await withThrowingTaskGroup { group in
        for _ in 0..<5 { group.addTask { _ = try await ground.log.write() } }
        try await group.waitForAll()
      }
      #expect(try await waiting() == "0\n")
      #expect(try await ground.log.position() == 6)
      var seen: Set<[UInt8]> = []
      var count = 0
      for segment in 1...Int64(6) {
        let erasures = try #require(try await ground.log.files.read(segment))
        count += erasures.count
        seen.formUnion(erasures.compactMap(\.subject.commitment))
      }
      #expect(count == 5500 && seen.count == 5500)
      #expect(try await ground.log.files.read(7) == nil)
    }
  }

  /// Cut off from the database before or after any message, a writer is gone on with by the next one.
  @Test(.timeLimit(.minutes(5)), arguments: [false, true])
  func aWriterThatIsCutIsGoneOnWith(isSent: Bool) async throws {
    try await ErasureGround.run { ground in
      var (number, isOver) = (1, false)
      while !isOver {
        try await plant(3)
        let before = try await ground.log.position()
        isOver = try await !CuttingRelay.with(
          to: TestDatabase.current, cutting: isSent ? .after(number) : .before(number)
        ) { relay in
          try await ground.withInstance(conninfo: relay.conninfo(role: "hansard_service")) {
            _ = try? await $0.restoration.log?.write()
          }
          return relay.isCut
        }
        try await eventually("a server that is done") {
          try await TestDatabase.current.psql(
            "select count(*) from pg_stat_activity where application_name = '\(ErasureGround.application)'"
          ) == "0\n"
        }
        #expect(try await ground.log.look() == .current)
        _ = try await ground.log.write()
        #expect(try await waiting() == "0\n")
        let after = try await ground.log.position()
        var logged = 0
        for segment in before..<after {
          logged += try #require(try await ground.log.files.read(segment + 1)).count
        }
        #expect(logged == 3, "cut at \(number)")
        number += 1
      }
      #expect(number > 10)
    }
  }

  /// A file that says something else is of another past: it stays, and nothing is written over it.
  @Test func anotherFileIsNotOverwritten() async throws {
    try await ErasureGround.run { ground in
      let other = [
        Erasure(
          tenant: .make(), subject: .recoverySession(commitment: [UInt8](repeating: 1, count: 32)),
          erasedAt: .now())
      ]
      try await ground.log.files.write(other, as: 1)
      try await plant(1)
      await #expect(throws: ErasureLogError(segment: 1)) { try await ground.log.write() }
      #expect(try await ground.log.files.read(1) == other)
      // Its erasures have not survived here: the database takes it over, and goes on behind it.
      #expect(try await ground.log.look() == .current)
      #expect(try await ground.log.position() == 1)
    }
  }

  /// A log that is away keeps no archive from being written, and the run says so.
  @Test func aLogThatIsAwayKeepsNothingElse() async throws {
    try await ErasureGround.run { ground in
      try await TestDatabase.current.psql("update hansard.tenants set archive_days = 1")
      let id = try await ground.fixture.stopped(by: ground.fixture.globex)
      try await ArchivingGround.age(id)
      let other = [
        Erasure(
          tenant: .make(), subject: .recoverySession(commitment: [UInt8](repeating: 1, count: 32)),
          erasedAt: .now())
      ]
      try await plant(1)
      let run = try await ground.withInstance { instance in
        #expect(await instance.health.readiness() == .ready)
        try await ground.log.files.write(other, as: 1)
        return await instance.retention.run()
      }
      #expect(run.failure as? ErasureLogError == ErasureLogError(segment: 1))
      #expect(run.tally.archivedRecordings == 1)
      // The file is another's, and nothing of it is here: it is counted, and what waits comes behind it.
      #expect(try await ground.log.look() == .current)
      #expect(try await waiting() == "1\n")
      #expect(try await ground.log.write() == 1)
      #expect(try await ground.log.position() == 2)
    }
  }

  /// Erasures of nothing that there is.
  private func plant(_ count: Int) async throws {
    try await TestDatabase.current.psql(
      """
      insert into hansard.erasures (tenant_id, commitment)
      select gen_random_uuid(), sha256(gen_random_uuid()::text::bytea)
      from generate_series(1, \(count))
      """)
  }
}
