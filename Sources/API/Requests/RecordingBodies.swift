// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// The bodies of the recording routes as values of the domain.
enum RecordingBodies {
  /// `{agent_id, reason, user_id?, canvas_id?, session_id?, tags?}`.
  static func draft(_ bytes: [UInt8]) throws(Problem) -> RecordingDraft {
    var reader = try open(
      bytes, ["agent_id", "reason", "user_id", "canvas_id", "session_id", "tags"])
    let agent: AgentID? = reader.required("agent_id", as: .callerID())
    let reason = reader.required(
      "reason", as: .sentence(maximumBytes: RecordingText.maximumReasonBytes))
    let user: UserID? = reader.optional("user_id", as: .callerID())
    let canvas: CanvasID? = reader.optional("canvas_id", as: .callerID())
    let session: SessionID? = reader.optional("session_id", as: .callerID())
    let tags = reader.list("tags", maximumCount: Tag.maximumCount, as: .tag)
    return try reader.finish {
      guard let agent, let reason else { return nil }
      return RecordingDraft(
        agent: agent, user: user, canvas: canvas, session: session, reason: reason, tags: tags)
    }
  }

  /// `{agent_id, user_id?, action, tags?, context?: {canvas_id?, session_id?, …}}`; the context is the
  /// platform's own, so its other members are let through and not kept.
  static func automaticDraft(_ bytes: [UInt8]) throws(Problem) -> AutomaticDraft {
    var reader = try open(bytes, ["agent_id", "user_id", "action", "tags", "context"])
    let agent: AgentID? = reader.required("agent_id", as: .callerID())
    let user: UserID? = reader.optional("user_id", as: .callerID())
    let action = reader.required("action", as: .tag)
    let tags = reader.list("tags", maximumCount: Tag.maximumCount, as: .tag)
    let context = reader.nested("context", known: nil) { reader in
      let canvas: CanvasID? = reader.optional("canvas_id", as: .callerID())
      let session: SessionID? = reader.optional("session_id", as: .callerID())
      return (canvas: canvas, session: session)
    }
    return try reader.finish {
      guard let agent, let action else { return nil }
      return AutomaticDraft(
        agent: agent, user: user, canvas: context?.canvas, session: context?.session,
        action: action, tags: tags)
    }
  }

  /// What a stop says: `{status?, summary?}`, or nothing at all.
  struct Stop {
    /// `completed` unless said.
    var status: Recording.Status
    /// nil: one is generated.
    var summary: RecordingText?
  }

  /// `{status?: completed or failed, summary?}`; an empty body is an empty object, and an empty
  /// summary counts as none (**seed**).
  static func stop(_ bytes: [UInt8]) throws(Problem) -> Stop {
    guard !bytes.isEmpty else { return Stop(status: .completed, summary: nil) }
    var reader = try open(bytes, ["status", "summary"])
    let status = reader.optional("status", as: .finalStatus) ?? .completed
    let summary = reader.optional("summary", as: .summary)
    return try reader.finish { Stop(status: status, summary: summary ?? nil) }
  }

  /// `{flag_reason}`.
  static func flagReason(_ bytes: [UInt8]) throws(Problem) -> RecordingText {
    var reader = try open(bytes, ["flag_reason"])
    let reason = reader.required(
      "flag_reason", as: .sentence(maximumBytes: RecordingText.maximumFlagReasonBytes))
    return try reader.finish { reason }
  }

  private static func open(_ bytes: [UInt8], _ known: [String]) throws(Problem) -> ObjectReader {
    ObjectReader(try JSONDocument.request(bytes, limits: .command).root, known: known)
  }
}

extension TextField where Value == Recording.Status {
  /// A status that a recording can end in.
  fileprivate static var finalStatus: Self {
    Self { text in
      switch text {
      case "completed": .success(.completed)
      case "failed": .success(.failed)
      default: .failure(FieldFault(.badValue, "It must be completed or failed."))
      }
    }
  }
}

extension TextField where Value == RecordingText? {
  /// A summary; nil for an empty one.
  fileprivate static var summary: Self {
    Self { text in
      guard !text.isEmpty else { return .success(nil) }
      let limit = RecordingText.maximumSummaryBytes
      return TextField<RecordingText>.sentence(maximumBytes: limit).read(text).map { $0 }
    }
  }
}
