// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

/// Every route × every kind of caller × every kind of id, against the table of routes.
@Suite(.serialized, .exclusive)
struct AccessMatrixTests {
  @Test func everyRouteHasItsRowAndNoOther() async throws {
    let deployment = try await Deployment.shared()
    var printed: Set<String> = []
    for route in try await deployment.answer(["routes", "--json"]).elements {
      let name = try "\(route["method"]?.text() ?? "") \(route["path"]?.text() ?? "")"
      #expect(printed.insert(name).inserted, "\(name) is there twice")
      let row = RouteTable.rows[name]
      let roles = try route["roles"]?.elements.map { try $0.text() } ?? []
      #expect(row?.roles == Set(roles), "\(name)")
      #expect(row?.ids == (try route["ids"]?.elements.map { try $0.text() } ?? []), "\(name)")
      #expect(row?.isAudited == (route["audited"]?.raw == "true"), "\(name)")
    }
    #expect(Set(RouteTable.rows.keys).subtracting(printed) == [], "no route")
    let cells = try Matrix.cells()
    #expect(Set(cells.map(\.request.name)) == printed)
    #expect(cells.count > 2500)
  }

  /// First what is refused, which must leave nothing but its lines in the audit log; then what is done.
  @Test(.timeLimit(.minutes(3))) func everyCellIsAsItsRowSays() async throws {
    let cells = try Matrix.cells()
    try await withThings { things, looking in
      let tenants = [things.stage.tenantA, things.stage.tenantB]
      let before = try await TableContents.read(looking, of: tenants)
      let refused = try await MatrixRun.ask(cells.filter(\.isRefused), about: things)
      #expect(refused.faults == [])
      let changes = try await TableContents.read(looking, of: tenants).changes(since: before)
      #expect(changes == ["canvas_audit"])
      // Each refusal of a known caller has its line, and nobody else's has.
      var lines = try await tenants.asyncFlatMap { try await $0.auditLines("refused") }
      let asked = Set(refused.lines + refused.silent)
      #expect(asked.count == refused.outcomes.count)
      #expect(lines.filter(asked.contains).sorted() == refused.lines.sorted())

      let done = try await MatrixRun.ask(cells.filter { !$0.isRefused }, about: things)
      #expect(done.faults == [])
      lines = try await tenants.asyncFlatMap { try await $0.auditLines("allowed") }
      #expect(Set(done.lines).subtracting(lines) == [])
      #expect(Set(done.silent).intersection(lines) == [])
      try await theHarnessFindsWhatIsPlanted(things, refused)
    }
  }

  /// A row that says too much is found, and so is an answer that tells what it must not.
  private func theHarnessFindsWhatIsPlanted(
    _ things: MatrixThings, _ run: MatrixRun
  ) async throws {
    let planted = [
      ("GET /api/canvas/recording/{id}", "none all flagged all all", "member"),
      ("GET /api/governance/keys/{id}", "none none all all all", "eviewer"),
      ("POST /api/governance/reviews/{id}/comment", "none none others all others", "auditor"),
      ("PUT /api/governance/policy", "all none none none all", "ecorder"),
    ]
    for (name, words, role) in planted {
      let right = try #require(RouteTable.rows[name])
      var wrong = right
      wrong.reach = RouteTable.Row(words).reach
      let cells = try Matrix.cells(of: [name: wrong])
      let statuses = try Matrix.cells(of: [name: right]).map(\.status)
      let differing = zip(cells, statuses).filter { $0.status != $1 }.map(\.0)
      let found = try await MatrixRun.ask(differing, about: things).faults
      #expect(!found.isEmpty && found.count >= differing.count, "\(name)")
      #expect(found.allSatisfy { $0.contains(role) }, "\(name)")
    }
    let foreign = try #require(
      run.outcomes.firstIndex { $0.cell.thing == .foreign && $0.cell.caller == .admin })
    let defects: [(inout Answer) -> Void] = [
      { $0.body += Array(MatrixStage.words(of: .adminOfB).utf8) },
      { $0.body += Array(" ".utf8) },
      { $0.headers.add("X-Owner", "somebody") },
      { $0.status = 403 },
    ]
    for defect in defects {
      var told = run
      defect(&told.outcomes[foreign].answer)
      #expect(!told.faults.isEmpty)
    }
  }

  private func withThings(
    _ body: (MatrixThings, PostgresConnection) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let things = try await MatrixThings.make(on: try await MatrixStage.make(service))
      try await deployment.settleRetention()
      try await deployment.withDatabase { try await body(things, $0) }
    }
  }
}

extension Sequence {
  /// `flatMap` with a closure that waits.
  fileprivate func asyncFlatMap<T>(
    _ transform: (Element) async throws -> [T]
  ) async rethrows -> [T] {
    var values: [T] = []
    for element in self { values += try await transform(element) }
    return values
  }
}
