// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What reviewers made of an agent's recordings within some days.
package struct ReviewMetrics: Sendable, Equatable {
  /// Something that was said of several recordings.
  package struct Finding: Sendable, Equatable {
    package var text: String
    package var count: Int
  }

  /// How many decisions there were.
  package var total: Int
  /// The part of them that approved, 0 to 1; nil without any.
  package var approvalRate: Double?
  /// The mean of the overall ratings, 1 to 5; nil without any.
  package var averageRating: Double?
  /// The most frequent issues, and the most frequent positive patterns; five at the most.
  package var commonIssues: [Finding]
  package var strengths: [Finding]
  package var status: Agent.Status

  /// The status that these decisions speak for, where it is another one: one step up after ten or more of
  /// which nine in ten approve at a mean of 4, one down after five or more of which half do not. An admin
  /// sets it, or does not.
  package var suggestedStatus: Agent.Status? {
    guard let place = Self.ladder.firstIndex(of: status), let approvalRate else { return nil }
    if total >= 10, approvalRate >= 0.9, averageRating ?? 0 >= 4 {
      return place + 1 < Self.ladder.count ? Self.ladder[place + 1] : nil
    }
    if total >= 5, approvalRate < 0.5 { return place > 0 ? Self.ladder[place - 1] : nil }
    return nil
  }

  private static let ladder: [Agent.Status] = [.student, .intern, .supervised, .autonomous]
}
