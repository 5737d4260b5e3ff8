// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

/// An attempt ready to be stored but for its place and number: redacted, and the same whenever the
/// transaction has to be tried again.
struct PreparedAttempt: Sendable {
  let draft: RecoveryAttemptDraft
  let entry: RecoveryEntryID
  /// Redacted.
  let errorType: String
  let strategy: String
  let nextAction: String
  let agent: AgentID?
  let user: UserID?
  /// The JSON object to be sealed, redacted.
  let payload: [UInt8]
  let redactionPolicy: Int
  let redactions: [Redaction.Count]
  /// The names of the files it modified, redacted, each once.
  let files: [[UInt8]]

  /// Redacts `draft`, made on behalf of `principal`.
  init(
    _ draft: RecoveryAttemptDraft, by principal: Principal, redactor: TenantRedactor
  ) throws {
    self.draft = draft
    entry = draft.entry ?? .make()
    agent = draft.agent ?? principal.agent
    user = draft.user
    let next = draft.nextAction ?? .nextAction(afterSuccess: draft.success)
    let words = try [draft.errorType, draft.strategy, next].map {
      try redactor.redaction(of: $0.rawValue)
    }
    let texts = words.map { String(decoding: $0.bytes, as: UTF8.self) }
    (errorType, strategy, nextAction) = (texts[0], texts[1], texts[2])
    let content = try draft.texts.redacted(by: redactor)
    payload = content.bytes
    redactionPolicy = redactor.policy
    redactions = words.reduce(content.counts) { $1.counts.isEmpty ? $0 : $0.adding($1.counts) }
    files = try RecoveryContent(content.bytes).texts(.filesModified).withoutRepeats.map {
      Array($0.utf8)
    }
  }

  /// What makes an attempt the same when it is sent again: everything that was sent, redacted.
  var identifyingParts: [[UInt8]] {
    let time: String? = draft.timestamp.map { String($0.microseconds) }
    let number: String? = draft.number.map { String($0) }
    let next: String? = draft.nextAction == nil ? nil : nextAction
    let words: [String?] = [
      time, number, errorType, strategy, next, String(draft.success),
      String(draft.rollbackPerformed), draft.duration.text, draft.agent?.rawValue,
      draft.user?.rawValue, draft.canvas?.rawValue, draft.recording?.description,
    ]
    return words.map { Array(($0 ?? "").utf8) } + [payload]
  }
}

extension RecoveryAttemptDraft {
  /// Ids, which stay in clear, with their places in the attempt at `index`.
  func ids(at index: Int) -> [(pointer: String, id: String?)] {
    [
      ("/\(index)/entry_id", entry?.rawValue), ("/\(index)/agent_id", agent?.rawValue),
      ("/\(index)/user_id", user?.rawValue), ("/\(index)/canvas_id", canvas?.rawValue),
    ]
  }
}
