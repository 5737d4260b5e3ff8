// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What an audit entry names.
struct AuditMention: Sendable {
  var recording: RecordingID?
  var agent: AgentID?
  var user: UserID?
  var canvas: CanvasID?
  var session: SessionID?
  /// Further facts, from our own vocabulary: statuses, counts, ids.
  var details: [String: String] = [:]

  init(
    recording: RecordingID? = nil, agent: AgentID? = nil, user: UserID? = nil,
    canvas: CanvasID? = nil, session: SessionID? = nil, details: [String: String] = [:]
  ) {
    self.recording = recording
    self.agent = agent
    self.user = user
    self.canvas = canvas
    self.session = session
    self.details = details
  }
}

/// What an operation adds to its audit entry while it works, and what it has subscribers told.
final class AuditNote: Sendable {
  private let content: Mutex<(mention: AuditMention, notices: [NoticeDraft], keysChanged: Bool)>

  init(_ mention: AuditMention) { content = Mutex((mention, [], false)) }

  var mention: AuditMention { content.withLock { $0.mention } }

  /// What is committed with the work.
  var notices: [NoticeDraft] { content.withLock { $0.notices } }

  /// Whether a key has ended, so that connections that it opened end too.
  var keysChanged: Bool { content.withLock { $0.keysChanged } }

  /// Changes what the entry will name.
  func amend(_ change: (inout AuditMention) -> Void) {
    content.withLock { change(&$0.mention) }
  }

  /// Has the entry say how much was found.
  func amend(count: Int) {
    amend { $0.details["count"] = "\(count)" }
  }

  /// Has subscribers told.
  func announce(_ notice: NoticeDraft) {
    content.withLock { $0.notices.append(notice) }
  }

  /// Has connections looked at whose keys may have ended.
  func announceKeys() {
    content.withLock { $0.keysChanged = true }
  }
}

/// One line of the audit log (**seed** `canvas_audit`): who asked for what, and what was decided.
struct AuditEntry: Sendable {
  let operation: Operation
  let caller: Caller
  let mention: AuditMention
  /// Why it was refused; nil when it was allowed.
  let refusal: String?

  init(
    _ operation: Operation, by caller: Caller, naming mention: AuditMention, refusal: String? = nil
  ) {
    self.operation = operation
    self.caller = caller
    self.mention = mention
    self.refusal = refusal
  }
}
