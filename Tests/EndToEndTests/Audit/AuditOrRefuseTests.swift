// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Audit or refuse: while audit entries cannot be written, every route that writes one refuses, shows
/// nothing and changes nothing; refusals are not told either. On the way of real requests, with every
/// route there is.
@Suite(.serialized, .exclusive)
struct AuditOrRefuseTests {
  @Test(.timeLimit(.minutes(5))) func withoutItsEntryNothingIsDoneOrShown() async throws {
    try await AuditStage.with { stage in
      #expect(Set(stage.routes.map(\.name)) == Set(AuditedRequests.rows.keys))
      for failure in AuditFailure.failing {
        let found = try await stage.findings(under: failure)
        for finding in found.answers {
          Issue.record(
            "\(failure), \(finding.round): \(finding.route): \(finding.answer.text.prefix(300))")
        }
        #expect(found.tables == [], "\(failure)")
      }
      let denials = try await stage.service.client(nil).send(.get, "/metrics").text
        .split(separator: "\n").first { $0.hasPrefix("hansard_audit_denials_total ") }
      #expect(denials != nil && denials != "hansard_audit_denials_total 0")
      try await everythingIsFoundWhereEntriesAreWritten(stage)
    }
  }

  /// The planted defect, which also shows that the requests are good ones: each is answered as it
  /// would be on any day.
  private func everythingIsFoundWhereEntriesAreWritten(_ stage: AuditStage) async throws {
    let found = try await stage.findings(under: .none)
    for round in AuditStage.Round.allCases {
      let answers = found.answers.filter { $0.round == round }
      let routes = stage.routes.filter { round.includes($0) }
      #expect(Set(answers.map(\.route)) == Set(routes.map(\.name)), "\(round)")
      for finding in answers {
        let row = RouteTable.rows[finding.route]
        let isRight =
          switch round {
          case .allowed: (200...201).contains(finding.answer.status)
          case .forbidden: finding.answer.status == 403
          case .missing: finding.answer.status == (row?.isMaking == true ? row?.success : 404)
          }
        #expect(isRight, "\(round) \(finding.route): \(finding.answer.text.prefix(300))")
        #expect(finding.answer.headers["idempotent-replayed"] == [])
      }
    }
    #expect(found.tables.contains("canvas_audit") && found.tables.contains("canvas_recordings"))
  }
}
