// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// The bodies of the review routes.
enum ReviewBodies {
  /// `{lease_seconds?}`.
  static func lease(_ bytes: [UInt8]) throws(Problem) -> Duration {
    guard !bytes.isEmpty else { return Reviews.standardLease }
    var reader = try open(bytes, ["lease_seconds"])
    let longest = Int(Reviews.longestLease / .seconds(1))
    let seconds = reader.optionalCount("lease_seconds", 1...longest)
    return try reader.finish { seconds.map { .seconds($0) } ?? Reviews.standardLease }
  }

  /// `{comment}` or `{reason}`.
  static func note(_ name: String, _ bytes: [UInt8]) throws(Problem) -> RecordingText {
    var reader = try open(bytes, [name])
    let text = reader.required(name, as: .sentence(maximumBytes: Decision.maximumNoteBytes))
    return try reader.finish { text }
  }

  /// `{review_status, overall_rating?, performance_rating?, safety_rating?, feedback?,
  /// identified_issues?, positive_patterns?, lessons_learned?, governance_notes?, event_count?}`; the
  /// last is how many events the reviewer has seen.
  static func decision(
    _ bytes: [UInt8]
  ) throws(Problem) -> (decision: Decision, events: Int64?) {
    var reader = try open(
      bytes,
      [
        "review_status", "overall_rating", "performance_rating", "safety_rating", "feedback",
        "identified_issues", "positive_patterns", "lessons_learned", "governance_notes",
        "event_count",
      ])
    let verdict: Review.Verdict? = reader.required("review_status", as: .word())
    let ratings = Decision.Ratings(
      overall: reader.optionalCount("overall_rating", 1...5),
      performance: reader.optionalCount("performance_rating", 1...5),
      safety: reader.optionalCount("safety_rating", 1...5))
    let feedback = text("feedback", &reader)
    let issues = words("identified_issues", &reader)
    let patterns = words("positive_patterns", &reader)
    let lessons = text("lessons_learned", &reader)
    let notes = text("governance_notes", &reader)
    let events = reader.optionalCount("event_count", 0...Int(UInt32.max))
    let decision: Decision = try reader.finish {
      verdict.map {
        Decision(
          verdict: $0, ratings: ratings, feedback: feedback, identifiedIssues: issues,
          positivePatterns: patterns, lessonsLearned: lessons, governanceNotes: notes)
      }
    }
    return (decision, events.map { Int64($0) })
  }

  private static func text(_ name: String, _ reader: inout ObjectReader) -> String? {
    reader.optional(name, as: .sentence(maximumBytes: Decision.maximumTextBytes))?.rawValue
  }

  private static func words(_ name: String, _ reader: inout ObjectReader) -> [String] {
    reader.list(
      name, maximumCount: Decision.maximumWords,
      as: .sentence(maximumBytes: RecordingText.maximumReasonBytes)
    ).map(\.rawValue)
  }

  private static func open(_ bytes: [UInt8], _ known: [String]) throws(Problem) -> ObjectReader {
    ObjectReader(try JSONDocument.request(bytes, limits: .command).root, known: known)
  }
}
