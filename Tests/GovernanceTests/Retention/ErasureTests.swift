// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

@testable import Governance

/// What was purged is nowhere: not in a dump, and not in the files once they are vacuumed.
@Suite(.serialized, .database)
struct ErasureTests {
  /// What only the purged session had, as bytes and as a dump writes them.
  private struct Needle {
    let what: String
    let bytes: [UInt8]
    let text: String

    init(_ what: String, bytes: [UInt8]) {
      self.what = what
      self.bytes = bytes
      text = bytes.map { String($0, radix: 16).leftPadded }.joined()
    }

    init(_ what: String, text: String) {
      self.what = what
      self.text = text
      bytes = Array(text.utf8)
    }
  }

  /// Wrapped keys, nonces and ends of ciphertexts (large ones lie apart from their table), and words in clear.
  private func needles() async throws -> [Needle] {
    let connection = try await TestDatabase.current.connect(role: "postgres")
    let keys = try await connection.execute(
      Query("select wrapped from hansard.recovery_keys where session_id = 's-1'"))
    let payloads = try await connection.execute(
      Query("select payload from hansard.recovery_attempts where session_id = 's-1'"))
    let files = try await connection.execute(
      Query("select digest from hansard.recovery_files where session_id = 's-1'"))
    await connection.close()
    var needles = try keys.map { Needle("key", bytes: try $0.decode(0)) }
    needles += try files.map { Needle("file", bytes: try $0.decode(0)) }
    for row in payloads {
      let payload = try row.decode(0, as: [UInt8].self)
      needles.append(Needle("nonce", bytes: Array(payload.prefix(24))))
      needles.append(Needle("end", bytes: Array(payload.suffix(24))))
    }
    return needles + [Needle("word", text: "CanaryError"), Needle("id", text: "entry_canary")]
  }

  /// What of them is in a dump, and what in the files of the recovery tables and their indexes.
  private func found(_ needles: [Needle]) async throws -> (dump: Set<String>, files: Set<String>) {
    let database = TestDatabase.current
    let dump = try await database.pgDump(schemaOnly: false)
    try await database.psql("checkpoint")
    let files = try await database.psql(
      """
      select pg_relation_filepath(c.oid)
      from pg_class as c
      left join pg_class as t on t.reltoastrelid = c.oid
      left join pg_index as i on i.indexrelid = c.oid
      left join pg_class as o on o.oid = i.indrelid
      where coalesce(t.relname, o.relname, c.relname) like 'recovery\\_%'
        and pg_relation_filepath(c.oid) is not null
      """
    ).split(separator: "\n").map { "\(database.dataDirectory)/\($0)" }
    try #require(files.count > 8)
    var held: Set<String> = []
    for file in files {
      let contents = try Data(contentsOf: URL(fileURLWithPath: file))
      for needle in needles where contents.range(of: Data(needle.bytes)) != nil {
        held.insert(needle.what)
      }
    }
    return (Set(needles.filter { dump.contains($0.text) }.map(\.what)), held)
  }

  /// `VACUUM` alone makes room on a page and does not write over it: what lay at the page's end may stay there
  /// until the room is used. So it is `VACUUM FULL` that the documentation tells of.
  @Test func whatIsPurgedIsFoundNowhere() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let large = String(repeating: "0123456789abcdef", count: 2000)
      _ = try await recovery.log([.of()], in: .named("kept"), by: acme.recorder)
      _ = try await recovery.log(
        [
          .of("CanaryError", entry: "entry_canary", files: ["canary.py"]),
          .of("CanaryError", message: large),
        ],
        in: .named("s-1"), by: acme.recorder)
      let needles = try await needles()
      let all = Set(needles.map(\.what))
      #expect(all.count == 6)
      // The control: the same search finds each before.
      let before = try await found(needles)
      #expect(before.dump == all && before.files == all)
      try await PlantedRecoveries.expire("s-1", of: acme.tenant)
      #expect(await fixture.hansard.retention.run().tally.recoverySessions == 1)
      #expect(try await found(needles).dump == [])
      for command in ["vacuum", "vacuum full"] {
        for table in ["sessions", "keys", "attempts", "files"] {
          try await TestDatabase.current.psql("\(command) hansard.recovery_\(table)")
        }
        let left = try await found(needles).files
        print("erasure: after \(command) the files hold \(left.sorted())")
        if command == "vacuum full" { #expect(left == []) }
      }
      let kept = try await recovery.wholeHistory(of: .named("kept"), by: acme.ann)
      #expect(kept.count == 1)
    }
  }
}

extension String {
  fileprivate var leftPadded: String { count == 1 ? "0" + self : self }
}
