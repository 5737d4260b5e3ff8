// Hansard
// SPDX-License-Identifier: Apache-2.0

// Attempts with functions, operators, views and tables of the analyst's own, in the session's own schema.
extension HostileQueries {
  /// A function that tells what it is given, and an operator, so cheap that whatever may be asked in another
  /// order is asked after them.
  private static let tellers = """
    create function pg_temp.tell(t text) returns boolean language plpgsql cost 0.0000001 as
      'begin raise notice ''saw %'', t; return true; end';
    create function pg_temp.tells(t text, u text) returns boolean language plpgsql cost 0.0000001 as
      'begin raise notice ''saw %'', t; return true; end';
    create operator pg_temp.~~~ (leftarg = text, rightarg = text, function = pg_temp.tells);
    """

  /// Whether a column of a view is the same word for every row: what depends on no row may be asked for those of
  /// others too, and how many these are everybody can see.
  private static func isConstant(_ column: String) -> Bool { column == "subject" }

  /// Every column of every view is told to such a function: that is not left to chance.
  var told: [Attempt] {
    views.flatMap { view in
      view.columns.map { column in
        Attempt(
          sql: """
            begin;
            \(Self.tellers)
            set local enable_indexscan = off;
            set local enable_bitmapscan = off;
            select count(*) from compliance.\(view.name) where pg_temp.tell(\(column)::text);
            select count(*) from compliance.\(view.name)
            where \(column)::text operator(pg_temp.~~~) 'x';
            rollback
            """, isIndependent: !Self.isConstant(column))
      }
    }
  }

  mutating func leakyFunction() -> Attempt {
    let (view, column) = view()
    let use = one([
      "where pg_temp.tell(\(column)::text)", "where not pg_temp.tell(\(column)::text) or true",
      "order by pg_temp.tell(\(column)::text)", "where \(column)::text operator(pg_temp.~~~) 'x'",
      "group by \(column) having bool_and(pg_temp.tell(\(column)::text))",
    ])
    let planning = one([
      "", "set local enable_seqscan = off;",
      "set local enable_indexscan = off; set local enable_bitmapscan = off;",
    ])
    return Attempt(
      sql: """
        begin;
        \(Self.tellers)
        \(planning)
        select count(*) from \(view) \(use.hasPrefix("where") ? use : "");
        select \(column)::text from \(view) \(use);
        rollback
        """, isIndependent: !Self.isConstant(column))
  }

  /// Something that reads with its owner's rights, who is the analyst.
  mutating func ownThing() -> Attempt {
    let (view, column) = view()
    let more = one(["", "stable", "set search_path = hansard"])
    return Attempt(
      sql: one([
        "create temp view v as select * from \(view); table v",
        "create temp view v with (security_invoker = false) as table \(view); table v",
        "create temp table t as select * from \(view); table t",
        "create temp table t as select \(column) from \(view); select count(*) from t",
        """
        begin;
        create function pg_temp.mine() returns setof text
          language sql security definer \(more) as
          'select v::text from \(view) as v';
        select * from pg_temp.mine();
        rollback
        """,
      ]), isIndependent: true)
  }
}
