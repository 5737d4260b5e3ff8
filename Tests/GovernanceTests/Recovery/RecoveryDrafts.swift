// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Testing

@testable import Governance

extension RecoveryAttemptDraft {
  /// A draft with everything that a test does not say.
  static func of(
    _ errorType: String = "SyntaxError", strategy: String = "fix", success: Bool = true,
    duration: String = "1.5", entry: String? = nil, at timestamp: String? = nil,
    number: Int64? = nil, files: [String] = [], message: String? = nil, user: String? = "ann",
    agent: String? = "bot", recording: RecordingID? = nil
  ) throws -> RecoveryAttemptDraft {
    var draft = RecoveryAttemptDraft(
      errorType: try #require(RecoveryWord(errorType, maximumBytes: 255)),
      strategy: try #require(RecoveryWord(strategy, maximumBytes: 64)), success: success,
      duration: try #require(RecoveryDuration(number: duration)))
    draft.entry = try entry.map { try #require(RecoveryEntryID($0)) }
    draft.timestamp = try timestamp.map { try #require(Timestamp(rfc3339: $0)) }
    draft.number = number
    draft.texts.filesModified = files
    draft.texts.errorMessage = message
    draft.user = user.flatMap { UserID($0) }
    draft.agent = agent.flatMap { AgentID($0) }
    draft.recording = recording
    return draft
  }
}

extension SessionID {
  static func named(_ text: String) throws -> SessionID { try #require(SessionID(text)) }
}

extension RecoveryAudit {
  /// All attempts of a session, by pages of `limit`.
  func wholeHistory(
    of id: SessionID, limit: Int = 500, by caller: Caller
  ) async throws -> [RecoveryAttempt] {
    var attempts: [RecoveryAttempt] = []
    var cursor: Cursor?
    repeat {
      let page = try await history(
        of: id, limit: try #require(PageLimit(limit)), cursor: cursor, by: caller)
      attempts += page.elements
      cursor = page.next
    } while cursor != nil && attempts.count < 100_000
    return attempts
  }
}
