// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Why something was not done.
public enum HansardClientError: Error, Sendable, Hashable {
  /// The service answered with something other than success.
  case problem(Problem)
  /// No answer: the service could not be reached, or went away before it had answered. Says where
  /// and how.
  case transport(String)
  /// No answer in time.
  case timeout
  /// The task was cancelled. What was being sent may have been done.
  case cancelled
  /// What was given cannot be sent. Says what is wrong with it; nothing was sent.
  case invalidInput(String)
  /// There is no room for more, and waiting for it was not wanted.
  case bufferFull
  /// The session, logger or buffer was closed before.
  case closed
  /// An answer that this client does not understand, which may come from a proxy.
  case unreadableAnswer(String)
  /// The buffer's directory is in use by another process, or by another buffer of this one.
  case bufferInUse(String)
  /// The buffer could not be read or written. Says what failed, and the system's reason.
  case disk(String)
  /// Events that a closed session could not deliver in time, in their order.
  case undelivered([HansardClient.Event])
}

extension HansardClientError: CustomStringConvertible {
  /// One line, or one more for each place at fault. Never holds the key or what was sent.
  public var description: String {
    switch self {
    case .problem(let problem): problem.description
    case .transport(let what): "no answer from \(what)"
    case .timeout: "no answer from the service in time"
    case .cancelled: "cancelled"
    case .invalidInput(let what): what
    case .bufferFull: "the buffer is full"
    case .closed: "closed"
    case .unreadableAnswer(let what): "the service's answer was not understood: \(what)"
    case .bufferInUse(let path): "the buffer \(path) is in use by another process"
    case .disk(let what): "the buffer failed: \(what)"
    case .undelivered(let events): "\(events.count) events were not delivered"
    }
  }
}

extension HansardClientError {
  /// Whether the same may succeed later without anybody changing the request: the service is away,
  /// busy, still handling an earlier try, or being looked after.
  public var isTransient: Bool {
    switch self {
    case .transport, .timeout: true
    case .problem(let problem):
      [408, 429, 502, 503, 504].contains(problem.status) || problem.code == "request_in_progress"
    default: false
    }
  }

  /// Whether something else than the service answered: a proxy, a portal, another server. What it says
  /// is about the way to the service, never about what was sent.
  var isForeign: Bool {
    switch self {
    case .problem(let problem): problem.code.isEmpty
    case .unreadableAnswer: true
    default: false
    }
  }

  /// Whether what was sent is too large for somebody on the way, and half of it may not be.
  var isTooLarge: Bool {
    guard case .problem(let problem) = self else { return false }
    return problem.status == 413
  }

  /// Whether what was sent may be taken later as it is, so that nothing of it is given up.
  var isTriedLater: Bool { isTransient || isForeign || self == .cancelled }

  /// Whether it is sent again at once: a quota comes back tomorrow, and some states need a person.
  var isRetried: Bool {
    guard case .problem(let problem) = self else { return isTransient }
    switch problem.code {
    case "quota_exceeded", "recording_disabled", "sealed", "unsafe_database": return false
    default: return isTransient
    }
  }

  /// Whether the service may have done what was asked although this was the answer.
  var mayHaveBeenDone: Bool {
    switch self {
    case .transport, .timeout, .cancelled, .unreadableAnswer: true
    case .problem(let problem):
      problem.code == "outcome_unknown" || problem.code.isEmpty && problem.status >= 500
    default: false
    }
  }
}
