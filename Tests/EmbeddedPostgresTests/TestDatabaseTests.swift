// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@Suite(.database) struct TestDatabaseTests {
  @Test(arguments: 1...6) func givesEachTestADatabaseOfItsOwn(round: Int) async throws {
    let database = TestDatabase.current
    // A table that another test had left behind would be in the way.
    try await database.psql("create table only_here (n int)")
    #expect(try await database.psql("select current_database()") == database.name + "\n")
  }

  @Test(.emptyDatabase) func dumpsEqualSchemasEqually() async throws {
    let database = TestDatabase.current
    let empty = try await database.pgDump()
    #expect(try await database.pgDump() == empty)
    try await database.psql("create table thing (n int)")
    #expect(try await database.pgDump().contains("CREATE TABLE public.thing"))
  }

  @Test func saysWhichConditionDidNotHold() async throws {
    let error = await #expect(throws: TestSupportError.self) {
      try await eventually(within: .milliseconds(20), "the moon is green") { false }
    }
    #expect(error?.description.contains("the moon is green") == true)
  }
}
