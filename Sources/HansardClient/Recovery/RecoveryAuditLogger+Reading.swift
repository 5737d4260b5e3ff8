// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What the service knows. Before each question, what is in the buffer gets `readDelay` to arrive: when
/// the service is slow or away, answers may lack the newest attempts (`pendingBytes` tells).
extension RecoveryAuditLogger {
  /// All attempts of a session, in order.
  public func recoveryHistory(
    _ session: String
  ) async throws(HansardClientError) -> [RecoveryEntry] {
    await flush(within: options.readDelay)
    return try await client.recoveryHistory(of: session)
  }

  /// The statistics of a session.
  public func recoveryStatistics(
    _ session: String
  ) async throws(HansardClientError) -> RecoveryStatistics {
    await flush(within: options.readDelay)
    return try await client.recoveryStatistics(of: session)
  }

  /// A session as a file.
  public func exportAuditTrail(
    _ session: String, format: RecoveryExportFormat = .json
  ) async throws(HansardClientError) -> [UInt8] {
    await flush(within: options.readDelay)
    return try await client.recoveryExport(of: session, as: format)
  }

  /// The report of a session: text for people, else JSON.
  public func generateRecoveryReport(
    _ session: String, asText: Bool = false
  ) async throws(HansardClientError) -> [UInt8] {
    await flush(within: options.readDelay)
    return try await client.recoveryReport(of: session, asText: asText)
  }

  /// The ids of all sessions.
  public func allSessionIDs() async throws(HansardClientError) -> [String] {
    await flush(within: options.readDelay)
    return try await client.recoverySessions()
  }

  /// Clears a session; for admins. What is in the buffer of it is sent first. What arrives later goes on in
  /// another session if the logger made this one, and is refused if the caller named it; attempts that name
  /// none begin a new session.
  public func clearSession(_ session: String, reason: String) async throws(HansardClientError) {
    await flush(within: options.readDelay)
    try await client.clearRecoverySession(session, reason: reason)
    leave(session)
  }

  /// Clears all sessions; for admins. The rest is as for one.
  public func clearAllSessions(reason: String) async throws(HansardClientError) {
    await flush(within: options.readDelay)
    try await client.clearAllRecoverySessions(reason: reason)
    currentSession = nil
  }
}
