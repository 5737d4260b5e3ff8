// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HansardJSON

/// Logs attempts to recover, and never gets in the way of recovering.
///
/// ```swift
/// let logger = try await RecoveryAuditLogger.open(client: client, directory: "/var/lib/agent/audit")
/// await logger.logRecoveryAttempt(attempt, session: "deploy-42")
/// ```
///
/// An attempt is written to a buffer on the disk, flushed, and sent in the background, in order. While
/// the service is away the buffer fills; what a process left in it is sent by the next one, also after
/// `kill -9` or a crash of the machine. Each attempt has its `entry_id` and `Idempotency-Key` in the
/// buffer, so that it is logged once however often it is sent.
///
/// - The directory belongs to one logger at a time. No name in it comes from an id. Files are the
///   owner's alone to read, and hold the texts as they were given: the service redacts them.
/// - A key that the service does not know (401) holds the buffer back as if the service were away, and so
///   does an answer that is not the service's: a proxy's page, a redirect, whatever has no `code`.
/// - What the service refuses otherwise is lost, and told to `onLoss`; so is what finds the buffer
///   full. Nothing is lost silently. An entry that is forbidden (403) is lost when something behind it is
///   taken, or after `forbiddenPatience`: until then it may be the key that has lost its role.
/// - A session that was cleared, or has expired, takes no more. One that the logger made goes on as `<id>-2`;
///   attempts of one that the caller named are refused.
public actor RecoveryAuditLogger {
  /// The client that attempts are sent by.
  public nonisolated let client: HansardClient
  let buffer: DiskBuffer
  let options: Options

  /// Where the logger stands.
  public internal(set) var status = Status()
  /// The session of attempts that name none; nil before the first.
  public internal(set) var currentSession: String?
  /// Ids that were made here, the oldest first.
  var madeSessions: [String] = []
  /// The number behind the id of a session that was made here and takes no more.
  var successors: [String: Int] = [:]
  /// How often entries that the service fails at were tried.
  var failing: [String: Int] = [:]
  /// What the service answered 403 to.
  var refusals = Refusals()
  private var isClosed = false
  /// Counts appends, so that the drain knows what came while it looked.
  private var appends = 0
  private var drainer: Task<Void, Never>?
  private var nap: Task<Void, Never>?
  private var waiters: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
  private var nextWaiter = 0

  private init(client: HansardClient, buffer: DiskBuffer, options: Options) {
    self.client = client
    self.buffer = buffer
    self.options = options
  }

  /// Opens a buffer in a directory and begins to send what is in it. Where there is none it is made, but not
  /// what it would be in.
  ///
  /// What a write that was broken off left at the buffer's end is told to `onLoss` as one damaged line.
  /// Throws `bufferInUse` where another logger has it, and `disk`.
  public static func open(
    client: HansardClient, directory: String, options: Options = Options()
  ) async throws(HansardClientError) -> RecoveryAuditLogger {
    let buffer = try await DiskBuffer.open(directory, limit: options.bufferBytes)
    let logger = RecoveryAuditLogger(client: client, buffer: buffer, options: options)
    if try await buffer.tornBytes() > 0 { await logger.lose(Loss(reason: .damaged(lines: 1))) }
    await logger.wake()
    return logger
  }

  /// Bytes of the buffer that the service has not taken yet.
  public func pendingBytes() async -> Int { await buffer.pendingBytes() }

  /// Waits until the service has everything. False where that takes longer, or the logger is closed.
  @discardableResult
  public func flush(within limit: Duration) async -> Bool {
    guard !isClosed else { return false }
    guard drainer != nil else { return await buffer.pendingBytes() == 0 }
    nap?.cancel()
    nextWaiter &+= 1
    let id = nextWaiter
    let timer = Task {
      // Cancelled is all it can be, and then nobody waits any more.
      try? await Task.sleep(for: limit)
      self.settle(waiter: id, false)
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiters.append((id, $0)) }
    } onCancel: {
      Task { await self.settle(waiter: id, false) }
    }
  }

  /// Stops sending and lets the directory go. What has not been sent stays there for the next logger.
  public func close() async {
    isClosed = true
    drainer?.cancel()
    nap?.cancel()
    await drainer?.value
    await buffer.close()
    for waiter in waiters { waiter.continuation.resume(returning: false) }
    waiters.removeAll()
  }

  private func settle(waiter id: Int, _ result: Bool) {
    guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
    waiters.remove(at: index).continuation.resume(returning: result)
  }
}

// MARK: - Logging

extension RecoveryAuditLogger {
  /// Starts a session, which attempts that name none belong to from now on; returns its id.
  ///
  /// The id is made here unless given, so that it is there while the service is away. A session of that
  /// name which there is already is continued. Throws `invalidInput` for what is no id.
  @discardableResult
  public func startSession(
    _ id: String? = nil, agentID: String? = nil, userID: String? = nil
  ) async throws(HansardClientError) -> String {
    let session = id ?? made()
    _ = try HansardClient.recoveryPath(session)
    currentSession = session
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("session_id", session)
      writer.member("agent_id", agentID)
      writer.member("user_id", userID)
    }
    await keep(
      BufferedEntry(kind: .start, session: session, isOwn: id == nil, body: writer.bytes))
    return session
  }

  /// Logs an attempt. Returns when it is on the disk, or lost; waits for the service in no case, and
  /// never throws.
  ///
  /// Without a session it belongs to the current one, which starts by itself.
  @discardableResult
  public func logRecoveryAttempt(
    _ attempt: RecoveryAttempt, session: String? = nil
  ) async -> Outcome {
    let session = session ?? runningSession()
    let entryID = "entry_\(Call.newKey())"
    var attempt = attempt
    // It may be sent hours later.
    if attempt.timestamp == nil { attempt.timestamp = Date() }
    do throws(HansardClientError) {
      _ = try HansardClient.recoveryPath(session)
      let body = try attempt.encoded(entryID: entryID)
      return await keep(
        BufferedEntry(
          kind: .attempt, session: session, isOwn: madeSessions.contains(session),
          entryID: entryID, body: body))
    } catch {
      return lose(Loss(entryID: entryID, sessionID: session, reason: .invalid(error)))
    }
  }

  func runningSession() -> String {
    if let currentSession { return currentSession }
    let session = made()
    currentSession = session
    return session
  }

  @discardableResult
  private func keep(_ entry: BufferedEntry) async -> Outcome {
    do throws(HansardClientError) {
      try await buffer.append(entry.payload)
    } catch {
      return lose(
        Loss(entryID: entry.entryID, sessionID: entry.session, reason: Self.reason(error)))
    }
    status.buffered += 1
    appends &+= 1
    wake()
    return .buffered(entryID: entry.entryID ?? "")
  }

  private static func reason(_ error: HansardClientError) -> Loss.Reason {
    switch error {
    case .bufferFull: .bufferFull
    case .closed: .closed
    default: .disk(error)
    }
  }

  @discardableResult
  func lose(_ loss: Loss) -> Outcome {
    if case .damaged(let lines) = loss.reason { status.lost += lines } else { status.lost += 1 }
    options.onLoss(loss)
    return .lost(loss.reason)
  }
}

// MARK: - Sending in the background

extension RecoveryAuditLogger {
  private func wake() {
    guard drainer == nil, !isClosed else { return }
    drainer = Task { await self.drain() }
  }

  /// Sends until nothing is left.
  private func drain() async {
    var failures = 0
    while !Task.isCancelled {
      let seen = appends
      do throws(HansardClientError) {
        let isEmpty = try await sendPage()
        failures = 0
        status.trouble = nil
        guard isEmpty, seen == appends else { continue }
        drainer = nil
        let all = waiters
        waiters.removeAll()
        for waiter in all { waiter.continuation.resume(returning: true) }
        return
      } catch {
        status.trouble = error
        failures += 1
        await rest(after: failures, error)
      }
    }
    drainer = nil
  }

  private func rest(after failures: Int, _ error: HansardClientError) async {
    guard !Task.isCancelled else { return }
    let pause = RetryPolicy.pause(
      afterFailure: failures, error, longest: options.longestPause)
    // Ended early by cancellation, which is a wish to go on.
    let nap = Task { _ = try? await Task.sleep(for: pause) }
    self.nap = nap
    await nap.value
    self.nap = nil
  }
}
