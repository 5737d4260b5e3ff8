// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Governance

@Suite struct ReviewMetricsTests {
  @Test(arguments: [
    (10, 0.9, 4.0, Agent.Status.student, Agent.Status?.some(.intern)),
    (10, 0.9, 4.0, .supervised, .some(.autonomous)), (10, 1, 5, .autonomous, nil),
    (9, 1, 5, .student, nil), (10, 0.89, 5, .student, nil), (10, 1, 3.9, .student, nil),
    (5, 0.49, 3, .intern, .some(.student)), (5, 0.5, 3, .intern, nil), (4, 0, 1, .intern, nil),
    (5, 0, 1, .student, nil), (20, 1, 5, .paused, nil), (20, 0, 1, .deprecated, nil),
  ])
  func suggestsOneStepAtTheMost(
    _ total: Int, _ rate: Double, _ rating: Double, _ status: Agent.Status,
    _ suggested: Agent.Status?
  ) {
    let metrics = ReviewMetrics(
      total: total, approvalRate: rate, averageRating: rating, commonIssues: [], strengths: [],
      status: status)
    #expect(metrics.suggestedStatus == suggested)
  }
}
