// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// SQL of somebody who wants more than is theirs, made by a seed.
struct HostileQueries {
  /// A script of one attempt, and whether its answer must be the same whatever other tenants have.
  struct Attempt: Sendable {
    let sql: String
    let isIndependent: Bool
    /// Made as an analyst's session begins, where transactions write nothing. The others begin with that switched
    /// off, as an attacker would, or nothing could be made to attack with.
    var isReadOnly = false
  }

  /// The columns of the views in schema compliance, by view, and the tables in schema hansard.
  let views: [(name: String, columns: [String])]
  let tables: [(name: String, columns: [String])]
  /// The functions in schema hansard, with as many nulls as they have parameters.
  let functions: [String]
  /// The other tenant's id, which an attacker may well know.
  let stranger: String

  var random: SeededGenerator

  init(
    views: [(name: String, columns: [String])], tables: [(name: String, columns: [String])],
    functions: [String], stranger: String, seed: UInt64
  ) {
    self.views = views
    self.tables = tables
    self.functions = functions
    self.stranger = stranger
    random = SeededGenerator(seed: seed)
  }

  /// The next attempt.
  mutating func next() -> Attempt {
    let kinds: [(Int, (inout Self) -> Attempt)] = [
      (22, { $0.predicate() }), (12, { $0.leakyFunction() }), (10, { $0.join() }),
      (12, { $0.setting() }), (9, { $0.explain() }), (12, { $0.table() }), (9, { $0.catalog() }),
      (5, { $0.function() }), (5, { $0.block() }), (4, { $0.session() }),
      (8, { $0.ownThing() }),
    ]
    var place = random.below(kinds.reduce(0) { $0 + $1.0 })
    for (weight, make) in kinds {
      if place < weight {
        let attempt = make(&self)
        guard random.below(3) == 0 else { return attempt }
        return Attempt(sql: "\(pretence());\n\(attempt.sql)", isIndependent: attempt.isIndependent)
      }
      place -= weight
    }
    return predicate()
  }

  /// Everything there is, as it stands: what is open to everybody is not left to chance.
  var plain: [Attempt] {
    let tables = tables.flatMap { table in
      (["*"] + table.columns).map { "select \($0) from hansard.\(table.name)" }
    }
    return (tables + views.map { "select * from compliance.\($0.name)" }).map {
      Attempt(sql: $0, isIndependent: false)
    }
  }

  // MARK: - Parts

  /// Says to be the stranger, as the service does for its callers.
  private mutating func pretence() -> String {
    one([
      "set hansard.tenant_id = '\(stranger)'", "set session hansard.tenant_id to '\(stranger)'",
      "do $do$ begin perform set_config('hansard.tenant_id', '\(stranger)', false); end $do$",
    ])
  }

  mutating func one(_ choices: [String]) -> String {
    choices.isEmpty ? "" : choices[random.below(choices.count)]
  }

  mutating func view() -> (name: String, column: String) {
    let view = views[random.below(views.count)]
    return ("compliance.\(view.name)", one(view.columns))
  }

  mutating func tableAndColumn() -> (name: String, column: String) {
    let table = tables[random.below(tables.count)]
    return ("hansard.\(table.name)", one(table.columns))
  }

  /// An expression over a column that says what it saw where it fails.
  private mutating func telling(_ column: String) -> String {
    let type = one([
      "int", "date", "uuid", "inet", "xml", "json", "regclass", "numeric", "interval", "boolean",
    ])
    return one([
      "(\(column)::text)::\(type) is null",
      "1 / (length(\(column)::text) - length(\(column)::text)) = 0",
      "\(column)::text ~ '('", "\(column)::text like '%'", "\(column)::text < 'zzz'",
      "set_config('my.note', \(column)::text, false) is null",
      "to_date(\(column)::text, 'YYYY') is null",
      "encode(convert_to(\(column)::text, 'UTF8'), 'base64') > 'A'",
      "\(column)::text::xml is null", "pg_catalog.textin(textout(\(column)::text)) <> ''",
      "(\(column)::text collate \"C\") >= 'c'", "\(column) is not null",
      "md5(\(column)::text) > '8'",
    ])
  }

  private mutating func predicate() -> Attempt {
    let (view, column) = view()
    let shape = one([
      "select \(column) from \(view) where \(telling(column))",
      "select count(*), min(\(column)::text), max(\(column)::text) from \(view)",
      "select \(column)::text, count(*) from \(view) group by 1 order by 2 desc, 1",
      "select count(*) filter (where \(telling(column))) from \(view)",
      "select v from \(view) as v where \(telling(column))",
      "select row_to_json(v) from \(view) as v order by \(telling(column)), \(column)::text",
      "select string_agg(v::text, ',' order by v::text) from \(view) as v",
      "select exists (select from \(view) where \(telling(column)))",
      "select \(column) from \(view) order by \(column) desc nulls first limit 5 offset \(random.below(9))",
      "select tableoid, ctid, xmin from \(view)", "select \(column) from \(view) for update",
      "select * from \(view) tablesample bernoulli (100)",
      "select query_to_xml('select \(column) from \(view)', true, true, '')",
      "select ts_stat('select to_tsvector(\(column)::text) from \(view)')",
      "with recursive r (n, t) as (select 1, null::text union all "
        + "select n + 1, (select max(\(column)::text) from \(view)) from r where n < 3) select n, t from r",
    ])
    return Attempt(sql: shape, isIndependent: !shape.contains("tableoid"))
  }

  private mutating func join() -> Attempt {
    let (left, a) = view()
    let (right, b) = view()
    let kind = one(["join", "left join", "full join", "cross join lateral"])
    let condition = one([
      "a.\(a)::text = b.\(b)::text", "a.\(a)::text like b.\(b)::text || '%'", "true",
    ])
    let source =
      kind.hasPrefix("cross") ? "(select * from \(right) where \(condition)) as b" : "\(right) as b"
    let on =
      kind.hasPrefix("cross")
      ? "" : kind == "full join" ? "on a.\(a)::text = b.\(b)::text" : "on \(condition)"
    let target = kind.hasPrefix("cross") ? source.replacing("b.\(b)", with: b) : source
    return Attempt(
      sql:
        "select count(*), min(a.\(a)::text), max(b.\(b)::text) from \(left) as a \(kind) \(target) \(on)",
      isIndependent: true)
  }

  private mutating func setting() -> Attempt {
    let (view, column) = view()
    let (table, _) = tableAndColumn()
    let change = one([
      "set hansard.request_id = '\(stranger)'", "set row_security = off",
      "set role hansard_service",
      "set role hansard_owner", "set role hansard_analyst", "set role postgres", "set role none",
      "set session authorization hansard_service", "set session authorization postgres",
      "set session authorization default", "reset session authorization",
      "set session_replication_role = replica", "set search_path = hansard, public",
      "set default_transaction_read_only = off", "set transaction read write",
      "set statement_timeout = 0", "alter role current_user set hansard.tenant_id = '\(stranger)'",
      "alter role current_user bypassrls", "set log_min_messages = debug5",
      "set client_min_messages = debug5", "set debug_print_plan = on",
      "set local_preload_libraries = 'x'",
      "set max_parallel_workers_per_gather = 4; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; "
        + "set min_parallel_table_scan_size = 0; set force_parallel_mode = on",
      "grant hansard_service to current_user", "set backslash_quote = on",
    ])
    let question = one([
      "select \(column) from \(view)", "select count(*) from \(view)",
      "select v::text from \(view) as v where \(telling(column))", "table \(table)",
      "select v::text from \(view) as v", "table \(view)",
      "insert into \(view) default values", "delete from \(view)",
      "select current_user, session_user",
      "select count(*) from only \(table)",
    ])
    let verbose = change.contains("debug")
    return Attempt(
      sql: "\(change);\n\(question);\nreset all;\nreset role", isIndependent: !verbose)
  }

  private mutating func explain() -> Attempt {
    let (view, column) = view()
    let options = one([
      "", "(analyze)", "(analyze, verbose, buffers)", "(verbose, settings)",
      "(analyze, format json)",
    ])
    let value = one(["a", "c", "can", "m", "z", "agent-1"])
    let comparison = one(["=", "<", ">=", "like"])
    return Attempt(
      sql:
        "explain \(options) select \(column) from \(view) where \(column)::text \(comparison) '\(value)'",
      isIndependent: false)
  }

  private mutating func table() -> Attempt {
    let (table, column) = tableAndColumn()
    return Attempt(
      sql: one([
        "select \(column) from \(table)", "table \(table)", "copy \(table) to stdout",
        "copy (select \(column) from \(table)) to stdout", "copy \(table) (\(column)) to stdout",
        "select * from \(table) where \(telling(column))",
        "lock table \(table) in access share mode",
        "explain select \(column) from \(table) where \(column)::text < 'm'",
        "update \(table) set tenant_id = tenant_id", "delete from \(table)", "truncate \(table)",
        "insert into \(table) default values", "alter table \(table) disable row level security",
        "create policy p on \(table) using (true)", "drop policy p on \(table)", "analyze \(table)",
        "create trigger t after insert on \(table) execute function pg_catalog.suppress_redundant_updates_trigger()",
        "select query_to_xml('select \(column) from \(table)', true, true, '')",
        "select table_to_xml('\(table)', true, true, '')",
        "select schema_to_xml('hansard', true, true, '')",
        "select table_to_xml(oid, true, true, '') from pg_class where relname = '\(table.dropFirst(8))'",
        "select cursor_to_xml('c', 1, true, true, '')", "select currtid2('\(table)', '(0,1)')",
        "select pg_relation_size('\(table)')",
        "create temp view v as select * from \(table); table v",
        "create temp table t (like \(table) including all); table t",
        "create temp table t () inherits (\(table))", "vacuum (verbose) \(table)",
        "begin; declare c cursor for select \(column) from \(table); fetch all c; rollback",
        "prepare p as select \(column) from \(table); execute p; deallocate all",
        "select (null::\(table)).\(column)", "select \(column) from \(table) for share",
        "comment on table \(table) is 'mine'", "reindex table \(table)", "cluster \(table)",
      ]), isIndependent: false)
  }
}
