// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Which deadline of a connection comes next, and what is due when it passes.
///
/// A pure state machine: it is told what happened and when, and says until when to wait. Times are
/// readings of one monotonic clock. At most one deadline counts at a time for reading (the next
/// head, the rest of a head, or a body), one for writing and one for closing; the earliest wins.
struct ConnectionDeadlines {
  /// What to do when a deadline has passed.
  enum Expiry: Equatable {
    /// Nobody waits for an answer, or nobody takes it: close at once.
    case close
    /// A head was begun and never finished: answer 408, then close.
    case headTimeout
    /// A body came too slowly: tell the request's handler, which answers 408 and closes.
    case bodyTimeout
  }

  private enum Reading: Equatable {
    /// Between messages: no byte of the next head has come.
    case waiting(since: Duration)
    /// Part of a head has come.
    case head(since: Duration)
    /// The head is complete, the body is not.
    case body(since: Duration, bytes: Int)
    /// The body's deadline has passed and its request is being told.
    case expired(since: Duration)
    /// Nothing more is read.
    case ended
  }

  private let limits: DeadlineLimits
  private var reading: Reading
  private var isFirstHead = true
  /// Requests handed on whose answer is not complete.
  private(set) var inFlight = 0
  private var unfinishedWrites = 0
  private var writeProgress: Duration?
  private var closing: Duration?
  private var quiescing: Duration?

  /// Starts the clock of a connection accepted at `now`.
  init(limits: DeadlineLimits, now: Duration) {
    self.limits = limits
    self.reading = .waiting(since: now)
  }

  /// True between a head's first and last byte.
  var isReadingHead: Bool {
    if case .head = reading { return true }
    return false
  }

  /// True between a head and its message's end.
  var isReadingBody: Bool {
    switch reading {
    case .body, .expired: true
    case .waiting, .head, .ended: false
    }
  }

  /// True while bytes that were given to the channel have not left it.
  var isWriting: Bool { unfinishedWrites > 0 }

  /// The next deadline; nil when nothing is being waited for.
  var next: Duration? {
    earliest?.time
  }

  /// What is due at `now`; nil while no deadline has passed.
  mutating func expire(at now: Duration) -> Expiry? {
    guard let earliest, earliest.time <= now else { return nil }
    if earliest.expiry == .bodyTimeout { reading = .expired(since: now) }
    return earliest.expiry
  }
}

// MARK: - What happened

extension ConnectionDeadlines {
  /// Bytes came from the client.
  mutating func bytesArrived(at now: Duration) {
    guard case .waiting(let since) = reading else { return }
    // The first head's time runs from the connect, so that a late first byte buys nothing.
    reading = .head(since: isFirstHead ? since : now)
  }

  /// A head is complete and handed on.
  mutating func headArrived(at now: Duration) {
    isFirstHead = false
    inFlight += 1
    reading = .body(since: now, bytes: 0)
  }

  /// A part of a body is handed on.
  mutating func bodyArrived(bytes count: Int) {
    guard case .body(let since, let bytes) = reading else { return }
    reading = .body(since: since, bytes: bytes &+ count)
  }

  /// A message is complete.
  mutating func messageEnded(at now: Duration) {
    guard reading != .ended else { return }
    reading = .waiting(since: now)
  }

  /// An answer is complete.
  mutating func responseEnded(at now: Duration) {
    inFlight = max(0, inFlight - 1)
    if inFlight == 1 { bodyIsDue(at: now) }
    guard inFlight == 0 else { return }
    switch reading {
    // A client cannot be asked for its next head while it waits for the last answer.
    case .waiting: reading = .waiting(since: now)
    case .head: reading = .head(since: now)
    case .body, .expired, .ended: break
    }
  }

  /// The last answer before the request whose body is being read is complete.
  private mutating func bodyIsDue(at now: Duration) {
    if case .body(_, let bytes) = reading { reading = .body(since: now, bytes: bytes) }
  }

  /// Bytes were given to the channel to send.
  mutating func writeBegan(at now: Duration) {
    unfinishedWrites += 1
    if unfinishedWrites == 1 { writeProgress = now }
  }

  /// Bytes given to the channel have left it, or never will.
  mutating func writeEnded(at now: Duration) {
    unfinishedWrites = max(0, unfinishedWrites - 1)
    writeProgress = unfinishedWrites == 0 ? nil : now
    // Only now can the client be asked for its next head.
    if unfinishedWrites == 0, case .waiting = reading { reading = .waiting(since: now) }
  }

  /// The service is stopping: an idle connection has `DeadlineLimits.quiesce` left.
  mutating func quiesce(at now: Duration) {
    if quiescing == nil { quiescing = now }
  }

  /// The last answer is being sent: nothing that the client still sends is waited for.
  mutating func readingEnded() {
    reading = .ended
  }

  /// The last answer is out; what still comes from the client is thrown away.
  mutating func closingBegan(at now: Duration) {
    if closing == nil { closing = now }
  }
}

// MARK: - Choosing

extension ConnectionDeadlines {
  private var earliest: (time: Duration, expiry: Expiry)? {
    let writing = writeProgress.map { ($0 + limits.writeStall, Expiry.close) }
    if let closing {
      return Self.earlier((closing + limits.linger, .close), writing)
    }
    return Self.earlier(readingDeadline, writing)
  }

  private var readingDeadline: (Duration, Expiry)? {
    switch reading {
    case .waiting(let since):
      guard inFlight == 0, !isWriting else { return nil }
      let idle = since + (isFirstHead ? limits.firstHead : limits.idle)
      return (quiescing.map { min(idle, $0 + limits.quiesce) } ?? idle, .close)
    case .head(let since):
      guard inFlight == 0 else { return nil }
      return (since + limits.head, .headTimeout)
    case .body(let since, let bytes):
      // Behind another request it is we who do not read.
      guard inFlight <= 1 else { return nil }
      let paid = Duration.seconds(bytes / max(1, limits.bodyBytesPerSecond))
      return (since + min(limits.body, limits.bodyGrace + paid), .bodyTimeout)
    case .expired(let since):
      return (since + limits.linger, .close)
    case .ended: return nil
    }
  }

  private static func earlier(
    _ first: (Duration, Expiry)?, _ second: (Duration, Expiry)?
  ) -> (time: Duration, expiry: Expiry)? {
    guard let first else { return second }
    guard let second else { return first }
    return first.0 <= second.0 ? first : second
  }
}
