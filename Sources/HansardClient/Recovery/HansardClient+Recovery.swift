// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON

/// The routes of the recovery audit, without a buffer. Programs that recover use a
/// ``RecoveryAuditLogger``.
extension HansardClient {
  private static let recovery = "/api/recovery"

  static func recoveryPath(
    _ session: String, _ rest: String = ""
  ) throws(HansardClientError) -> String {
    "\(recovery)/sessions/\(try PathSegment.encode(session, "a session's id"))\(rest)"
  }

  /// Starts a session, under a name or one that the service makes up; returns its id. A name in use is
  /// the problem `session_exists`.
  public func startRecoverySession(
    _ id: String? = nil, agentID: String? = nil, userID: String? = nil
  ) async throws(HansardClientError) -> String {
    if let id { _ = try Self.recoveryPath(id) }
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("session_id", id)
      writer.member("agent_id", agentID)
      writer.member("user_id", userID)
    }
    return try await startRecoverySession(writer.bytes, key: Call.newKey())
  }

  func startRecoverySession(
    _ body: [UInt8], key: String
  ) async throws(HansardClientError) -> String {
    try await transport.ask(.post("\(Self.recovery)/sessions", body, key: key))
      .needText("session_id")
  }

  /// Logs attempts, 1 to 1000, in their order. A session that there is not starts by itself.
  @discardableResult
  public func logRecoveryAttempts(
    _ attempts: [RecoveryAttempt], in session: String
  ) async throws(HansardClientError) -> [RecoveryReceipt] {
    var bodies: [[UInt8]] = []
    for attempt in attempts {
      bodies.append(try attempt.encoded(entryID: "entry_\(Call.newKey())"))
    }
    return try await logRecoveryAttempts(bodies, in: session, key: Call.newKey())
  }

  func logRecoveryAttempts(
    _ bodies: [[UInt8]], in session: String, key: String
  ) async throws(HansardClientError) -> [RecoveryReceipt] {
    guard (1...Self.batchLimit).contains(bodies.count) else {
      throw .invalidInput("1 to \(Self.batchLimit) attempts are logged at once")
    }
    guard bodies.count > 1 else {
      let path = try Self.recoveryPath(session, "/attempts")
      return [try RecoveryReceipt(try await transport.ask(.post(path, bodies[0], key: key)))]
    }
    return try await logRecoveryBatch(bodies, in: session, key: key).receipts
  }

  /// What became of a batch.
  package struct RecoveryBatchAnswer: Sendable {
    /// One for each attempt, in order.
    package let receipts: [RecoveryReceipt]
    /// Whether anything of it had not been there before.
    package let hasNew: Bool
  }

  /// Logs attempts that are JSON already, as a batch also where there is one: what the service refuses has
  /// its place in it.
  package func logRecoveryBatch(
    _ bodies: [[UInt8]], in session: String, key: String? = nil
  ) async throws(HansardClientError) -> RecoveryBatchAnswer {
    let path = try Self.recoveryPath(session, "/attempts")
    var writer = JSONWriter(reservingCapacity: bodies.reduce(2) { $0 + $1.count + 1 })
    writer.array { writer in
      for body in bodies { writer.raw(body) }
    }
    let reply = try await transport.send(.post(path, writer.bytes, key: key ?? Call.newKey()))
    var receipts: [RecoveryReceipt] = []
    for element in try Transport.json(reply).elements {
      receipts.append(try RecoveryReceipt(element))
    }
    guard receipts.count == bodies.count else {
      throw .unreadableAnswer("it has \(receipts.count) receipts for \(bodies.count) attempts")
    }
    return RecoveryBatchAnswer(receipts: receipts, hasNew: reply.status != 200)
  }

  /// The ids of all sessions that the key may see.
  public func recoverySessions() async throws(HansardClientError) -> [String] {
    try await pages("\(Self.recovery)/sessions?limit=500") {
      value throws(HansardClientError) in try value.needText("session_id")
    }
  }

  /// All attempts of a session.
  public func recoveryHistory(
    of session: String
  ) async throws(HansardClientError) -> [RecoveryEntry] {
    try await pages(try Self.recoveryPath(session, "/history?limit=500")) {
      value throws(HansardClientError) in try RecoveryEntry(value)
    }
  }

  /// Reads a list to its last page.
  private func pages<T>(
    _ path: String, _ read: (JSONValue) throws(HansardClientError) -> T
  ) async throws(HansardClientError) -> [T] {
    var all: [T] = []
    var page: String? = path
    while let path = page {
      let reply = try await transport.send(.get(path))
      let root = try Transport.json(reply)
      guard root.kind == .array else { throw .unreadableAnswer("it is no array") }
      for value in root.elements { all.append(try read(value)) }
      guard reply.next != path else { throw .unreadableAnswer("its next page is itself") }
      page = reply.next
    }
    return all
  }

  /// The statistics of a session.
  public func recoveryStatistics(
    of session: String
  ) async throws(HansardClientError) -> RecoveryStatistics {
    try RecoveryStatistics(
      try await transport.ask(.get(try Self.recoveryPath(session, "/statistics"))))
  }

  /// The statistics across the sessions that the key may see; of all their attempts, and in groups
  /// where they are asked for.
  public func recoveryStatistics(
    _ filter: RecoveryTotalsFilter = .init(), by grouping: RecoveryGrouping? = nil
  ) async throws(HansardClientError) -> RecoveryTotals {
    let query = try filter.query(by: grouping)
    return try RecoveryTotals(
      try await transport.ask(.get("\(Self.recovery)/statistics\(query)")))
  }

  /// The report of a session: text for people, else JSON.
  public func recoveryReport(
    of session: String, asText: Bool = false
  ) async throws(HansardClientError) -> [UInt8] {
    try await document(try Self.recoveryPath(session, "/report"), asText ? "text/plain" : nil)
  }

  /// A session as a file.
  public func recoveryExport(
    of session: String, as format: RecoveryExportFormat = .json
  ) async throws(HansardClientError) -> [UInt8] {
    try await document(
      try Self.recoveryPath(session, "/export?format=\(format.rawValue)"),
      format == .csv ? "text/csv" : nil)
  }

  private func document(
    _ path: String, _ accept: String?
  ) async throws(HansardClientError) -> [UInt8] {
    var call = Call.get(path)
    call.answerLimit = Call.longAnswer
    if let accept { call.accept = accept }
    return try await transport.send(call).body
  }

  /// Clears a session; for admins. The service keeps who did it, when and why.
  ///
  /// Not sent again after an answer that was lost: look whether it is done.
  public func clearRecoverySession(
    _ session: String, reason: String
  ) async throws(HansardClientError) {
    _ = try await transport.send(.delete(try Self.recoveryPath(session), Self.because(reason)))
  }

  /// Clears all sessions; for admins.
  public func clearAllRecoverySessions(reason: String) async throws(HansardClientError) {
    _ = try await transport.send(.delete("\(Self.recovery)/sessions", Self.because(reason)))
  }

  private static func because(_ reason: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { $0.member("reason", reason) }
    return writer.bytes
  }
}
