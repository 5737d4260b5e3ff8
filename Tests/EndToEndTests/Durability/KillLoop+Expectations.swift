// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

extension KillLoop.Report {
  /// What was promised is there: once, unaltered, in its place; and nobody was told anything else.
  func expectKeptPromises(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(findings == [], sourceLocation: sourceLocation)
    #expect(faultsOfOneShots == [], sourceLocation: sourceLocation)
    #expect(contradictions == [], sourceLocation: sourceLocation)
    #expect(surprises == [], sourceLocation: sourceLocation)
    #expect(wrongLeaves == 0 && repeatedNonces == 0, sourceLocation: sourceLocation)
  }

  /// Whoever was refused was told to come back.
  func expectTemporaryRefusals(sourceLocation: SourceLocation = #_sourceLocation) {
    let temporary: Set = [
      "storage_unavailable", "database_unavailable", "outcome_unknown", "overloaded",
      "audit_unavailable",
    ]
    #expect(temporary.isSuperset(of: refusals.keys), sourceLocation: sourceLocation)
  }
}
