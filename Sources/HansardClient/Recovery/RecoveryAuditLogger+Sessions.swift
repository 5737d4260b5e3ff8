// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Sessions that were cleared or have expired take no more. One that the logger made goes on as
/// `<id>-2`, `<id>-3` and so on; the names are the same in the next process.
extension RecoveryAuditLogger {
  /// How many ended sessions, and how many made ones, are remembered.
  private static let memory = 1000
  /// How many names are tried at once.
  private static let names = 4

  /// Sends entries that go together: the start of a session, or attempts of one.
  func send(_ group: [BufferedEntry]) async throws(HansardClientError) {
    guard let first = group.first else { return }
    guard first.kind == .attempt else { return try await start(first) }
    var tries = 0
    while true {
      let (session, key) = target(of: group, first)
      do throws(HansardClientError) {
        _ = try await client.logRecoveryAttempts(group.map(\.body), in: session, key: key)
        return
      } catch {
        guard error.isEndOfSession else { throw error }
        goOn(after: session, of: first)
        tries += 1
        guard first.isOwn, tries < Self.names else { throw error }
      }
    }
  }

  private func start(_ entry: BufferedEntry) async throws(HansardClientError) {
    do throws(HansardClientError) {
      _ = try await client.startRecoverySession(entry.body, key: entry.key)
    } catch {
      // There it is.
      guard case .problem(let problem) = error, problem.code == "session_exists" else {
        throw error
      }
    }
  }

  /// Where a group goes, and under which name: the same entries make the same group with the same name,
  /// also in another process.
  private func target(
    of group: [BufferedEntry], _ first: BufferedEntry
  ) -> (session: String, key: String) {
    let key = group.count == 1 ? first.key : "\(first.key)-\(group.count)"
    guard first.isOwn, let number = successors[first.session] else { return (first.session, key) }
    return ("\(first.session)-\(number)", "\(key)-again-\(number)")
  }

  /// Leaves a session that takes no more.
  private func goOn(after session: String, of entry: BufferedEntry) {
    guard entry.isOwn else {
      // Whoever named it is told; attempts that name none are not to be lost in it.
      leave(session)
      return
    }
    if successors.count >= Self.memory { successors.removeAll() }
    let number = successors[entry.session, default: 1] &+ 1
    successors[entry.session] = number
    guard currentSession == session else { return }
    currentSession = made("\(entry.session)-\(number)")
  }

  /// Attempts that name no session begin another one.
  func leave(_ session: String) {
    if currentSession == session { currentSession = nil }
  }

  /// A session whose id nobody gave: remembers that.
  func made(_ session: String = "session_\(Call.newKey())") -> String {
    if madeSessions.count >= Self.memory { madeSessions.removeFirst() }
    madeSessions.append(session)
    return session
  }
}
