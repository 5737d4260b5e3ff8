// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// The bodies of the recovery routes.
enum RecoveryBodies {
  /// `{session_id?, agent_id?, user_id?}`, or nothing at all.
  static func session(_ bytes: [UInt8]) throws(Problem) -> RecoverySessionDraft {
    guard !bytes.isEmpty else { return RecoverySessionDraft(id: nil, agent: nil, user: nil) }
    var reader = ObjectReader(
      try JSONDocument.request(bytes, limits: .command).root,
      known: ["session_id", "agent_id", "user_id"])
    let id: SessionID? = reader.optional("session_id", as: .callerID())
    let agent: AgentID? = reader.optional("agent_id", as: .callerID())
    let user: UserID? = reader.optional("user_id", as: .callerID())
    return try reader.finish { RecoverySessionDraft(id: id, agent: agent, user: user) }
  }

  /// One attempt, or an array of them.
  static func attempts(
    _ bytes: [UInt8]
  ) throws(Problem) -> (drafts: [RecoveryAttemptDraft], isBatch: Bool) {
    let isBatch = bytes.first { $0 > 0x20 } == UInt8(ascii: "[")
    let root = try JSONDocument.request(bytes, limits: isBatch ? .batch : .event).root
    guard isBatch else {
      try checkSize(root, at: "")
      var reader = ObjectReader(root, known: RecoveryBodies.fields)
      let draft = read(&reader)
      return ([try reader.finish { draft }], false)
    }
    let count = root.elements.count
    guard count > 0 else { throw .invalid("", .emptyBatch, "There are no attempts.") }
    let most = RecoveryAttemptDraft.maximumBatch
    guard count <= most else {
      throw .invalid("", .tooManyEvents, "There are more than \(most) attempts.")
    }
    return (try batch(root), true)
  }

  private static func batch(_ root: JSONValue) throws(Problem) -> [RecoveryAttemptDraft] {
    var drafts: [RecoveryAttemptDraft] = []
    var violations: [DomainError.Violation] = []
    for (index, element) in root.elements.enumerated() {
      try checkSize(element, at: "/\(index)")
      var reader = ObjectReader(element, at: "/\(index)", known: fields)
      if let draft = read(&reader), reader.isSound {
        drafts.append(draft)
      } else {
        let isFull = violations.count >= EventBodies.maximumViolations
        violations += isFull ? Array(reader.violations.prefix(1)) : reader.violations
      }
    }
    guard violations.isEmpty else { throw .invalid(violations) }
    return drafts
  }

  private static func checkSize(_ value: JSONValue, at pointer: String) throws(Problem) {
    guard value.span.count > RecoveryAttemptDraft.maximumBytes else { return }
    let reason = "The attempt is larger than 256 KiB."
    let code = ProblemCode.eventTooLarge
    throw Problem(
      code, reason, violations: [.init(pointer: pointer, code: code.rawValue, reason: reason)])
  }

  private static let fields = [
    "entry_id", "timestamp", "error_type", "strategy", "attempt_number", "success",
    "changes_made", "files_modified", "rollback_performed", "next_action", "duration_seconds",
    "error_message", "recovery_message", "error_after", "source", "stack_trace", "file", "line",
    "context", "agent_id", "user_id", "recording_id", "canvas_id",
  ]
}

// MARK: - One attempt

extension RecoveryBodies {
  private static func read(_ reader: inout ObjectReader) -> RecoveryAttemptDraft? {
    let errorType = reader.required(
      "error_type", as: .recoveryWord(maximumBytes: RecoveryWord.maximumErrorTypeBytes))
    let strategy = reader.required(
      "strategy", as: .recoveryWord(maximumBytes: RecoveryWord.maximumStepBytes))
    let success = reader.requiredTruth("success")
    let duration = reader.requiredNumber(
      "duration_seconds", "It must be from 0 to 1000000000, of at most 400 decimals."
    ) { RecoveryDuration(number: $0) }
    let entry: RecoveryEntryID? = reader.optional("entry_id", as: .callerID())
    let timestamp = reader.optional("timestamp", as: .timestamp)
    let number = reader.optionalCount(
      "attempt_number", 1...Int(RecoveryAttemptDraft.maximumNumber))
    let rollback = reader.optionalTruth("rollback_performed")
    let next = reader.optional(
      "next_action", as: .recoveryWord(maximumBytes: RecoveryWord.maximumStepBytes))
    let texts = texts(&reader)
    let agent: AgentID? = reader.optional("agent_id", as: .callerID())
    let user: UserID? = reader.optional("user_id", as: .callerID())
    let canvas: CanvasID? = reader.optional("canvas_id", as: .callerID())
    let recording: RecordingID? = reader.optional("recording_id", as: .serverID())
    guard let errorType, let strategy, let success, let duration else { return nil }
    var draft = RecoveryAttemptDraft(
      errorType: errorType, strategy: strategy, success: success, duration: duration)
    (draft.entry, draft.timestamp, draft.nextAction) = (entry, timestamp, next)
    draft.number = number.map { Int64($0) }
    draft.rollbackPerformed = rollback ?? false
    draft.texts = texts
    (draft.agent, draft.user, draft.canvas, draft.recording) = (agent, user, canvas, recording)
    return draft
  }

  private static func texts(_ reader: inout ObjectReader) -> RecoveryTexts {
    var texts = RecoveryTexts()
    texts.changesMade = list("changes_made", RecoveryTexts.maximumTextBytes, &reader)
    texts.filesModified = list("files_modified", RecoveryTexts.maximumNameBytes, &reader)
    texts.errorMessage = reader.optional("error_message", as: .passage())
    texts.recoveryMessage = reader.optional("recovery_message", as: .passage())
    texts.errorAfter = reader.optionalValue("error_after").map { Array($0.rawBytes) }
    texts.source = reader.optional(
      "source", as: .passage(maximumBytes: RecoveryTexts.maximumNameBytes))
    texts.stackTrace = reader.optional(
      "stack_trace", as: .passage(maximumBytes: RecoveryTexts.maximumTraceBytes))
    texts.file = reader.optional(
      "file", as: .passage(maximumBytes: RecoveryTexts.maximumNameBytes))
    texts.line = reader.optionalCount("line", 0...1_000_000_000).map { Int64($0) }
    texts.context = reader.optionalValue("context").map { Array($0.rawBytes) }
    return texts
  }

  private static func list(
    _ name: String, _ maximumBytes: Int, _ reader: inout ObjectReader
  ) -> [String] {
    if reader.optionalValue(name)?.kind == .string {
      reader.refuse(name, .wrongType, "It must be an array of strings, also where it is one.")
      return []
    }
    return reader.list(
      name, maximumCount: RecoveryTexts.maximumEntries, as: .passage(maximumBytes: maximumBytes))
  }
}

extension TextField where Value == RecoveryWord {
  /// A word or a few, without control characters.
  static func recoveryWord(maximumBytes: Int) -> Self {
    let fault = FieldFault(.badValue, "It must not hold control characters.")
    return Self(maximumBytes: maximumBytes, fault) {
      RecoveryWord($0, maximumBytes: maximumBytes)
    }
  }
}

extension TextField where Value == String {
  /// A text of any kind, which may be empty.
  fileprivate static func passage(
    maximumBytes: Int = RecoveryTexts.maximumTextBytes
  ) -> Self {
    Self { text in
      text.utf8.count <= maximumBytes
        ? .success(text)
        : .failure(FieldFault(.tooLong, "It is longer than \(maximumBytes) bytes."))
    }
  }
}
