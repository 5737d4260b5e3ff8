// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The error that a recovery is about.
public struct RecoverableError: Sendable, Hashable {
  /// Its kind: `SyntaxError`.
  public var type: String
  /// What it says.
  public var message: String
  /// Who reported it: `linter`.
  public var source: String?
  /// Where it came from.
  public var stackTrace: String?
  /// The file that it is in.
  public var file: String?
  /// The line, from 1.
  public var line: Int?

  /// An error of which no more is known; the rest can be set.
  public init(type: String, message: String, source: String? = nil) {
    self.type = type
    self.message = message
    self.source = source
  }

  /// An error that was thrown: its type's name and its description.
  public init(_ error: any Error, source: String? = nil) {
    self.init(type: "\(Swift.type(of: error))", message: "\(error)", source: source)
  }
}

/// What one attempt of a recovery came to.
public struct RecoveryOutcome: Sendable, Hashable {
  /// Whether the error is gone.
  public var success: Bool
  /// What was done, in words.
  public var message: String?
  /// What was changed, in words.
  public var changesMade: [String] = []
  /// Paths of what was changed.
  public var filesModified: [String] = []
  /// Whether changes were undone.
  public var rollbackPerformed = false
  /// The error that is there now.
  public var errorAfter: RecoverableError?

  /// An outcome of which no more is known; the rest can be set.
  public init(success: Bool, message: String? = nil) {
    self.success = success
    self.message = message
  }

  /// It worked.
  public static let recovered = RecoveryOutcome(success: true)
}

/// What a recovery came to, after all its attempts.
public struct RecoveryResult: Sendable, Hashable {
  /// The session that the attempts were logged in.
  public var sessionID: String
  /// The strategy that worked; nil: none did.
  public var strategy: RecoveryStrategy?
  /// How many attempts there were.
  public var attempts: Int
  /// The error that is left; nil after success.
  public var errorLeft: RecoverableError?
  /// Attempts that could not be logged. The recovery went on all the same.
  public var unlogged: Int

  /// Whether a strategy worked.
  public var success: Bool { strategy != nil }
}

/// Whom an attempt concerns beside its session.
public struct RecoveryLinks: Sendable, Hashable {
  /// Which agent recovers.
  public var agentID: String?
  /// In whose name.
  public var userID: String?
  /// The recording whose timeline it belongs to.
  public var recordingID: String?
  /// Where.
  public var canvasID: String?

  /// None, unless given.
  public init(
    agentID: String? = nil, userID: String? = nil, recordingID: String? = nil,
    canvasID: String? = nil
  ) {
    self.agentID = agentID
    self.userID = userID
    self.recordingID = recordingID
    self.canvasID = canvasID
  }
}

extension RecoveryAuditLogger {
  /// Tries strategies one after the other until one works, and logs each attempt: the errors before
  /// and after, how long it took by a clock that nobody sets, whether it worked, and what is next:
  /// `complete` after success, `retry` while strategies are left, else `escalate`.
  ///
  /// `recover` is given the strategy and its number from 1; what it throws is an attempt that failed.
  /// `context` is one JSON value and is logged with each attempt; with anything else none is logged.
  /// Whatever becomes of the log, the recovery goes on, and this never throws. When the task is
  /// cancelled, no further strategy is tried.
  public func attemptRecovery(
    from error: RecoverableError, context: [UInt8]? = nil, session: String? = nil,
    links: RecoveryLinks = RecoveryLinks(),
    strategies: [RecoveryStrategy] = [.fix, .retry, .alternative, .rollback],
    recover: @Sendable (RecoveryStrategy, Int) async throws -> RecoveryOutcome
  ) async -> RecoveryResult {
    let session = session ?? runningSession()
    var result = RecoveryResult(
      sessionID: session, strategy: nil, attempts: 0, errorLeft: error, unlogged: 0)
    for (index, strategy) in strategies.enumerated() where !Task.isCancelled {
      let (outcome, duration) = await Self.measure { try await recover(strategy, index + 1) }
      let isLast = index == strategies.count - 1 || Task.isCancelled
      var attempt = RecoveryAttempt(
        error: result.errorLeft ?? error, strategy, outcome, duration, links)
      attempt.context = context
      attempt.nextAction = outcome.success ? .complete : isLast ? .escalate : .retry
      result.attempts += 1
      if case .lost = await logRecoveryAttempt(attempt, session: session) { result.unlogged += 1 }
      guard !outcome.success else {
        result.strategy = strategy
        result.errorLeft = nil
        return result
      }
      result.errorLeft = outcome.errorAfter ?? result.errorLeft
    }
    return result
  }

  private static func measure(
    _ body: () async throws -> RecoveryOutcome
  ) async -> (RecoveryOutcome, Duration) {
    let start = ContinuousClock.now
    do {
      let outcome = try await body()
      return (outcome, ContinuousClock.now - start)
    } catch {
      var outcome = RecoveryOutcome(success: false, message: "\(error)")
      outcome.errorAfter = RecoverableError(error)
      return (outcome, ContinuousClock.now - start)
    }
  }
}

extension RecoveryAttempt {
  init(
    error: RecoverableError, _ strategy: RecoveryStrategy, _ outcome: RecoveryOutcome,
    _ duration: Duration, _ links: RecoveryLinks
  ) {
    self.init(
      errorType: error.type, strategy: strategy, success: outcome.success,
      durationSeconds: max(0, duration / .seconds(1)))
    errorMessage = error.message
    source = error.source
    stackTrace = error.stackTrace
    file = error.file
    line = error.line
    recoveryMessage = outcome.message
    changesMade = outcome.changesMade
    filesModified = outcome.filesModified
    rollbackPerformed = outcome.rollbackPerformed
    errorAfter = outcome.errorAfter.map { "\($0.type): \($0.message)" }
    agentID = links.agentID
    userID = links.userID
    recordingID = links.recordingID
    canvasID = links.canvasID
  }
}
