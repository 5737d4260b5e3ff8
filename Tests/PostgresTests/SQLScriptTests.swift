// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Postgres

@Suite struct SQLScriptTests {
  @Test(
    arguments: [
      ("", []),
      ("  \n-- only a comment\n/* and /* a nested */ one */;;\n", []),
      ("select 1", ["select 1"]),
      ("select 1;\n\nselect 2 ;", ["select 1", "select 2"]),
      ("select ';', 'it''s; fine';select 2", ["select ';', 'it''s; fine'", "select 2"]),
      (#"select E'\';'; select 2"#, [#"select E'\';'"#, "select 2"]),
      (#"select E'a''\';'; select 2"#, [#"select E'a''\';'"#, "select 2"]),
      (#"select '\'; select 2"#, [#"select '\'"#, "select 2"]),
      (#"select 1 as "a;b"";c"; select 2"#, [#"select 1 as "a;b"";c""#, "select 2"]),
      ("do $$ begin; end $$; select 2", ["do $$ begin; end $$", "select 2"]),
      ("do $a$ $$ ; $b$ $a$; select $1;", ["do $a$ $$ ; $b$ $a$", "select $1"]),
      ("select a$b; select 2", ["select a$b", "select 2"]),
      (
        "create rule r as on insert to t do (a; b); select 2",
        ["create rule r as on insert to t do (a; b)", "select 2"]
      ),
      (
        "create function f() returns int begin atomic select 1; select case when true then 2 end; end;\nselect 3",
        [
          "create function f() returns int begin atomic select 1; select case when true then 2 end; end",
          "select 3",
        ]
      ),
      (
        "create or replace procedure p() begin atomic select 1; end; select 2",
        ["create or replace procedure p() begin atomic select 1; end", "select 2"]
      ),
      ("select 1 -- why; not\n; select /* ; */ 2", ["select 1 -- why; not", "select /* ; */ 2"]),
      ("select 'é;' ; wählen ü", ["select 'é;'", "wählen ü"]),
    ] as [(String, [String])])
  func takesScriptsApart(script: String, statements: [String]) throws {
    #expect(try SQLScript.statements(of: script).map(\.text) == statements)
  }

  @Test func countsLines() throws {
    let script = "-- one\n\nselect 1;\n/* four\nfive */ select\n'six\nseven'; do $$\n$$;\nselect 9"
    #expect(try SQLScript.statements(of: script).map(\.line) == [3, 5, 7, 9])
  }

  @Test(arguments: [
    ("select 'a;\nb", 1), ("select 1;\nselect \"x", 2), ("\n/* /* */ ", 2), ("select (1;", 1),
    ("select 1;\n\ndo $x$ $$ ;", 3), ("select 1;\ncreate function f() begin atomic select 1;", 2),
    ("select E'\\", 1),
  ])
  func namesTheLineOfWhatDoesNotEnd(script: String, line: Int) {
    let error = #expect(throws: SQLScriptError.self) { try SQLScript.statements(of: script) }
    #expect(error?.line == line)
  }

  @Test(arguments: [
    ("begin", true), ("BEGIN work", true), ("commit", true), ("end", true), ("rollback", true),
    ("abort", true), ("start transaction", true), ("savepoint a", true), ("release a", true),
    ("prepare transaction 'x'", true), ("prepare x as select 1", false), ("select 1", false),
    ("do $$ begin end $$", false), ("set transaction read only", false),
  ])
  func recognisesTransactionControl(statement: String, expected: Bool) throws {
    let statements = try SQLScript.statements(of: statement)
    #expect(statements.map(\.isTransactionControl) == [expected])
  }

  @Test(arguments: [
    ("create unique index concurrently i on t (a)", true), ("create index i on t (a)", false),
    ("drop index concurrently if exists i", true), ("select ' concurrently '", false),
  ])
  func recognisesConcurrentStatements(statement: String, expected: Bool) throws {
    #expect(try SQLScript.statements(of: statement).map(\.isConcurrent) == [expected])
  }

  /// Every prefix of a script with everything in it: an answer or an error, never a trap.
  @Test func neverTraps() {
    let script =
      "select E'a\\'', \"b\", $x$ c $x$, (1) -- d\n/* e /* f */ */; create function g() begin atomic select case 1 end; end; $1 é$$"
    let bytes = Array(script.utf8)
    var finished = 0
    for end in 0...bytes.count {
      do {
        _ = try SQLScript.statements(of: String(decoding: bytes[..<end], as: UTF8.self))
        finished += 1
      } catch {
        #expect(error.line >= 1)
      }
    }
    #expect(finished > 10)
  }
}
