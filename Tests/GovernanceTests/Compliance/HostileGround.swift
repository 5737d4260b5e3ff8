// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

@testable import Governance

/// A database in which every text and every byte of another tenant is a canary, and so is every column of the
/// analyst's own tenant that analysts must not read.
struct HostileGround: Sendable {
  let analyst: AnalystGround
  let stranger: TenantID
  let ownRecording: RecordingID

  /// In whatever another tenant has.
  static let strangers = "canaryb"
  /// In what is secret within the tenant.
  static let secrets = "secreta"

  /// Lends it, with what the planner knows gathered.
  static func with(_ body: (HostileGround) async throws -> Void) async throws {
    try await Fixture.run { fixture in
      var own: RecordingID?
      for party in [fixture.globex, fixture.acme] {
        try await RowSecurityTests.fillEveryTable(of: party, fixture)
        for _ in 0..<3 {
          let id = try await fixture.recordings.started(by: party)
          try await fixture.recordings.appendOne(.of(), to: id, by: party.recorder)
          _ = try await fixture.recordings.flag(id, reason: .reason("x"), by: party.ann)
          own = id
        }
        try await addRecoveries(of: party, fixture, own)
      }
      let recording = try #require(own)
      try await AnalystGround.with(fixture.acme.tenant) { analyst in
        let ground = HostileGround(
          analyst: analyst, stranger: fixture.globex.tenant, ownRecording: recording)
        try await ground.plant()
        try await body(ground)
      }
    }
  }

  /// Sessions, of which one is told of in a recording and one was cleared.
  private static func addRecoveries(
    of party: Party, _ fixture: Fixture, _ recording: RecordingID?
  ) async throws {
    let recovery = fixture.hansard.recovery
    let word = party.tenant == fixture.globex.tenant ? strangers : "own"
    for number in 0..<3 {
      var told = try RecoveryAttemptDraft.of("A", files: ["x"])
      told.recording = number == 1 ? recording : nil
      _ = try await recovery.log(
        [.of("A", success: false), told], in: .named("\(word)-\(number)"), by: party.recorder)
    }
    _ = try await recovery.clear(
      .named("\(word)-2"), because: .reason("x"), by: party.admin)
  }

  /// Writes canaries wherever the checks of the tables let one in.
  private func plant() async throws {
    try await analyst.database.psql(
      """
      create function pg_temp.plant(canary text, wanted uuid, all_columns boolean) returns bigint
      language plpgsql as $$
      declare
        place record;
        planted bigint := 0;
      begin
        for place in
          select c.oid::regclass as relation, c.relname, a.attname, a.atttypid::regtype::text as type
          from pg_class as c
          join pg_attribute as a on a.attrelid = c.oid
          where c.relnamespace = 'hansard'::regnamespace and c.relkind in ('r', 'p')
            -- What is of no tenant.
            and c.relname not in ('retention_clock', 'erasures', 'erasure_log')
            and not c.relispartition and a.attnum > 0 and not a.attisdropped
            and a.atttypid::regtype::text in ('text', 'text[]', 'json', 'jsonb', 'bytea', 'bytea[]')
            -- What rows are joined by, which is a canary of the stranger's from the start.
            and c.relname || '.' || a.attname not in (
              'recovery_sessions.session_id', 'recovery_attempts.session_id', 'recovery_files.session_id')
            and c.relname || '.' || a.attname not in ('analysts.login')
            and (all_columns or not has_column_privilege('hansard_analyst', c.oid, a.attnum, 'select'))
        loop
          begin
            execute format(
              'update %s set %I = %s where tenant_id = $1', place.relation, place.attname,
              case place.type
                when 'text' then format('%L', canary || ' ' || place.relname || '.' || place.attname)
                when 'text[]' then format('array_fill(%L::text, array[coalesce(cardinality(%I), 1)])',
                  canary || ' ' || place.attname, place.attname)
                when 'bytea[]' then format('array[convert_to(%L, %L)]', canary, 'UTF8')
                when 'bytea' then format('substr(convert_to(repeat(%L, 400), %L), 1, length(%I))',
                  canary, 'UTF8', place.attname)
                else format('%L::%s', format('{"status_before":"%s 1","status_after":"%s 2"}', canary, canary),
                  place.type)
              end)
            using wanted;
            planted := planted + 1;
          exception when check_violation or unique_violation then
            null; -- One of a few words that everybody knows.
          end;
        end loop;
        return planted;
      end
      $$;
      set session_replication_role = replica;
      select pg_temp.plant('\(Self.strangers)', '\(stranger)', true);
      select pg_temp.plant('\(Self.secrets)', '\(analyst.tenant)', false);
      reset session_replication_role;
      analyze
      """)
  }

  /// Whatever in `text` must not be there.
  func findings(in text: String) -> [String] {
    let lower = text.lowercased()
    let needles = [Self.strangers, Self.secrets].flatMap { [$0, Self.hexadecimal($0)] }
    let ids = ["\(stranger)", "\(stranger)".filter { $0 != "-" }]
    return (needles + ids).filter { lower.contains($0) }
  }

  private static func hexadecimal(_ text: String) -> String {
    text.utf8.map { String($0, radix: 16) }.joined()
  }

  /// The tables in which the other tenant has nothing, so that nothing of it could be seen there.
  func emptyTables() async throws -> [String] {
    let rows = try await analyst.database.psql(
      """
      select c.relname
      from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attname = 'tenant_id'
      cross join lateral query_to_xml(
        format('select count(*) as n from %s where tenant_id = %L', c.oid::regclass, '\(stranger)'),
        false, true, '') as x
      where c.relnamespace = 'hansard'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and (xpath('/row/n/text()', x))[1]::text = '0'
      order by c.relname
      """)
    return rows.split(separator: "\n").map(String.init)
  }

  /// Takes everything away that the other tenant has.
  func forgetStranger() async throws {
    try await analyst.database.psql(
      """
      set session_replication_role = replica;
      do $$
      declare
        relation regclass;
      begin
        for relation in
          select c.oid from pg_class as c
          join pg_attribute as a on a.attrelid = c.oid
          where c.relnamespace = 'hansard'::regnamespace and c.relkind in ('r', 'p')
            and not c.relispartition and a.attname = 'tenant_id'
        loop
          execute format('delete from %s where tenant_id = %L', relation, '\(stranger)');
        end loop;
      end
      $$
      """)
  }

  /// The attempts of a seed.
  func attempts(_ count: Int, seed: UInt64) async throws -> [HostileQueries.Attempt] {
    var queries = HostileQueries(
      views: try await columns(of: "compliance"), tables: try await columns(of: "hansard"),
      functions: try await functions(), stranger: "\(stranger)", seed: seed)
    // None of those that must not be left to chance: they find what they find by what they make.
    let drawn = (0..<count).map { number in
      var attempt = queries.next()
      attempt.isReadOnly = number % 10 == 9
      return attempt
    }
    return queries.plain + queries.told + drawn
  }

  private func columns(of schema: String) async throws -> [(name: String, columns: [String])] {
    let rows = try await analyst.database.psql(
      """
      select c.relname, string_agg(a.attname, ' ' order by a.attnum)
      from pg_class as c join pg_attribute as a on a.attrelid = c.oid
      where c.relnamespace = '\(schema)'::regnamespace and c.relkind in ('r', 'p', 'v')
        and a.attnum > 0 and not a.attisdropped
        -- One partition is like another.
        and (not c.relispartition or c.relname like '%w47')
      group by c.relname order by c.relname
      """)
    return rows.split(separator: "\n").map { line in
      let parts = line.split(separator: "|")
      return (String(parts[0]), parts[1].split(separator: " ").map(String.init))
    }
  }

  private func functions() async throws -> [String] {
    let rows = try await analyst.database.psql(
      """
      select format('hansard.%I(%s)', proname,
        (select string_agg('null', ', ') from generate_series(1, pronargs)))
      from pg_proc where pronamespace = 'hansard'::regnamespace order by proname
      """)
    return rows.split(separator: "\n").map(String.init)
  }

  /// The schema of a session's own things has a number, another one each time.
  private static func unnumbered(_ text: String) -> String {
    let parts = text.components(separatedBy: "pg_temp_")
    let rest = parts.dropFirst().map { "pg_temp" + String($0.drop(while: \.isNumber)) }
    return parts[0] + rest.joined()
  }

  /// What `psql` says to each attempt, both streams together.
  func answers(to attempts: [HostileQueries.Attempt]) async throws -> [String] {
    let directory = try TemporaryDirectory.make("hostile")
    defer { TemporaryDirectory.remove(directory) }
    let mark = "==== attempt ===="
    // Errors in full; an attempt that left a transaction, a role or a setting behind spoils no other.
    let script = attempts.map { attempt in
      """
      set default_transaction_read_only = \(attempt.isReadOnly ? "on" : "off");
      \\echo \(mark)
      \\warn \(mark)
      \(attempt.sql);
      \\set QUIET on
      rollback;
      reset session authorization;
      reset all;
      set default_transaction_read_only = off;
      drop table if exists pg_temp.t;
      drop view if exists pg_temp.v;
      """
    }.joined(separator: "\n")
    let file = "\(directory)/script.sql"
    let prologue =
      "\\set VERBOSITY verbose\n\\set SHOW_CONTEXT always\nset client_min_messages = notice;\n"
    try (prologue + script).write(toFile: file, atomically: true, encoding: .utf8)
    let said = try await analyst.psql(["-f", file])
    func parts(_ text: String) -> [String] {
      Array(Self.unnumbered(text).components(separatedBy: "\(mark)\n").dropFirst())
    }
    let (output, errors) = (parts(said.output), parts(said.errors))
    guard output.count == attempts.count, errors.count == attempts.count else {
      throw TestSupportError(
        "\(output.count), \(errors.count) answers to \(attempts.count)\n\(said.errors.suffix(500))")
    }
    return zip(output, errors).map { $0 + $1.replacing(file, with: "") }
  }
}
