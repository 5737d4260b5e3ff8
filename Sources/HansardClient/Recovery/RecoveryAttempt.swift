// Hansard
// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials
import HansardJSON

/// How somebody tries to get over an error. The five of the service, or any other word.
public struct RecoveryStrategy: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
  /// The word that is recorded.
  public let rawValue: String

  /// A strategy of one's own.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The same, written as a literal.
  public init(stringLiteral value: String) { self.init(rawValue: value) }

  /// Mend what is broken.
  public static let fix: RecoveryStrategy = "fix"
  /// Do the same once more.
  public static let retry: RecoveryStrategy = "retry"
  /// Do it in another way.
  public static let alternative: RecoveryStrategy = "alternative"
  /// Undo what was done.
  public static let rollback: RecoveryStrategy = "rollback"
  /// Hand it to somebody else.
  public static let escalate: RecoveryStrategy = "escalate"
}

/// What is done after an attempt.
public enum RecoveryNextAction: String, Sendable, Hashable {
  /// Nothing: it worked.
  case complete
  /// Another attempt.
  case retry
  /// Nothing is left to try: somebody else's turn.
  case escalate
}

/// One attempt to recover, as it is logged.
public struct RecoveryAttempt: Sendable, Hashable {
  /// The kind of error that it was about: `SyntaxError`.
  public var errorType: String
  /// How it was tried.
  public var strategy: RecoveryStrategy
  /// Whether it worked.
  public var success: Bool
  /// How long it took, in seconds; not negative, and a number.
  public var durationSeconds: Double
  /// When; nil: when it is logged.
  public var timestamp: Date?
  /// Its number in its session, from 1; nil: the service counts.
  public var attemptNumber: Int?
  /// What was changed, in words.
  public var changesMade: [String] = []
  /// Paths of what was changed.
  public var filesModified: [String] = []
  /// Whether changes were undone.
  public var rollbackPerformed: Bool?
  /// What is done next; nil: `complete` after success, else `retry`.
  public var nextAction: RecoveryNextAction?
  /// What the error said.
  public var errorMessage: String?
  /// What the recovery said.
  public var recoveryMessage: String?
  /// The error that was there afterwards.
  public var errorAfter: String?
  /// Who reported the error: `linter`.
  public var source: String?
  /// Where it came from.
  public var stackTrace: String?
  /// The file that it was in.
  public var file: String?
  /// The line, from 1.
  public var line: Int?
  /// Anything else: one JSON value.
  public var context: [UInt8]?
  /// Which agent tried.
  public var agentID: String?
  /// In whose name.
  public var userID: String?
  /// The recording whose timeline the attempt belongs to.
  public var recordingID: String?
  /// Where.
  public var canvasID: String?

  /// An attempt of which no more is known; the rest can be set.
  public init(
    errorType: String, strategy: RecoveryStrategy, success: Bool, durationSeconds: Double
  ) {
    self.errorType = errorType
    self.strategy = strategy
    self.success = success
    self.durationSeconds = durationSeconds
  }
}

extension RecoveryAttempt {
  /// The object that is sent, on one line. Throws `invalidInput` for what the service would refuse in
  /// any case.
  func encoded(entryID: String?) throws(HansardClientError) -> [UInt8] {
    try check()
    let time = try timestamp.map { date throws(HansardClientError) in try Timestamp.text(date) }
    var writer = JSONWriter(reservingCapacity: 512)
    writer.object { writer in
      writer.member("entry_id", entryID)
      writer.member("timestamp", time)
      writer.member("error_type", errorType)
      writer.member("strategy", strategy.rawValue)
      writer.member("attempt_number", attemptNumber)
      writer.member("success", success)
      if !changesMade.isEmpty { writer.member("changes_made", changesMade) }
      if !filesModified.isEmpty { writer.member("files_modified", filesModified) }
      writer.member("rollback_performed", rollbackPerformed)
      writer.member("next_action", nextAction?.rawValue)
      writer.key("duration_seconds")
      writer.double(durationSeconds)
      addDetails(to: &writer)
    }
    return writer.bytes
  }

  private func addDetails(to writer: inout JSONWriter) {
    writer.member("error_message", errorMessage)
    writer.member("recovery_message", recoveryMessage)
    writer.member("error_after", errorAfter)
    writer.member("source", source)
    writer.member("stack_trace", stackTrace)
    writer.member("file", file)
    writer.member("line", line)
    if let context {
      writer.key("context")
      // Line ends in JSON are white space; the buffer has one entry a line.
      writer.raw(context.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
    }
    writer.member("agent_id", agentID)
    writer.member("user_id", userID)
    writer.member("recording_id", recordingID)
    writer.member("canvas_id", canvasID)
  }

  private func check() throws(HansardClientError) {
    guard durationSeconds.isFinite, durationSeconds >= 0 else {
      throw .invalidInput("a duration must be a number of seconds, 0 or more")
    }
    guard !errorType.isEmpty, !strategy.rawValue.isEmpty else {
      throw .invalidInput("an attempt needs an error type and a strategy")
    }
    guard (attemptNumber ?? 1) >= 1 else {
      throw .invalidInput("attempts are counted from 1")
    }
    guard let context else { return }
    do throws(JSONError) {
      _ = try JSONDocument(parsing: context, limits: .event)
    } catch {
      throw .invalidInput("the context is not JSON: \(error)")
    }
  }
}
