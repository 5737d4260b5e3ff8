// Hansard
// SPDX-License-Identifier: Apache-2.0

extension RecoveryAuditLogger {
  /// Entries of one session that are sent as one request.
  private static let groupLimit = 200
  private static let groupBytes = 1 << 20
  /// How often an entry may make the service fail before it is given up.
  private static let patience = 10

  /// Sends what one reading of the buffer gives; true where there was nothing left.
  ///
  /// Throws what keeps the service, or the disk, from taking any of it: try again later.
  func sendPage() async throws(HansardClientError) -> Bool {
    let page = try await buffer.read(atMost: 1000)
    if page.damaged > 0 { lose(Loss(reason: .damaged(lines: page.damaged))) }
    var entries: [(entry: BufferedEntry, end: SegmentStore.Position)] = []
    for (payload, end) in page.entries {
      guard let entry = BufferedEntry(payload: payload) else {
        lose(Loss(reason: .damaged(lines: 1)))
        continue
      }
      entries.append((entry, end))
    }
    var rest = entries[...]
    while !rest.isEmpty {
      let group = Self.group(at: &rest)
      try await deliver(group.map(\.entry))
      if let last = group.last { try await buffer.advance(to: last.end) }
    }
    let isEmpty = page.entries.isEmpty && page.damaged == 0
    // Also when nothing is left: behind what was damaged, and out of what is done with.
    try await buffer.advance(to: page.end)
    return isEmpty
  }

  /// Takes the next entries that can go together: attempts of one session.
  private static func group(
    at rest: inout ArraySlice<(entry: BufferedEntry, end: SegmentStore.Position)>
  ) -> ArraySlice<(entry: BufferedEntry, end: SegmentStore.Position)> {
    guard let first = rest.first?.entry else { return [] }
    var bytes = 0
    let group = rest.prefix(groupLimit).prefix { candidate in
      bytes += candidate.entry.body.count + 1
      return candidate.entry == first
        || first.kind == .attempt && candidate.entry.kind == .attempt
          && candidate.entry.session == first.session && bytes <= groupBytes
    }
    rest.removeFirst(group.count)
    return group
  }

  /// Sends a group. An entry that is refused is lost, alone; what throws is to be tried again.
  private func deliver(_ group: [BufferedEntry]) async throws(HansardClientError) {
    guard let first = group.first else { return }
    do throws(HansardClientError) {
      try await send(group, first)
      status.delivered += group.count
    } catch {
      if error.holdsEverything { throw error }
      guard group.count > 1 else { return try await giveUp(first, error) }
      for entry in group { try await deliver([entry]) }
    }
  }

  private func send(
    _ group: [BufferedEntry], _ first: BufferedEntry
  ) async throws(HansardClientError) {
    switch first.kind {
    case .attempt:
      // The same entries make the same group with the same name, also in another process.
      let key = group.count == 1 ? first.key : "\(first.key)-\(group.count)"
      _ = try await client.logRecoveryAttempts(group.map(\.body), in: first.session, key: key)
    case .start:
      do throws(HansardClientError) {
        _ = try await client.startRecoverySession(first.body, key: first.key)
      } catch {
        // There it is.
        guard case .problem(let problem) = error, problem.code == "session_exists" else {
          throw error
        }
      }
    }
  }

  /// Loses an entry that the service refuses; one that makes it fail, only after some patience.
  private func giveUp(
    _ entry: BufferedEntry, _ error: HansardClientError
  ) async throws(HansardClientError) {
    if case .problem(let problem) = error, problem.status >= 500,
      failing[entry.key, default: 0] < Self.patience
    {
      failing[entry.key, default: 0] += 1
      throw error
    }
    failing[entry.key] = nil
    lose(Loss(entryID: entry.entryID, sessionID: entry.session, reason: .refused(error)))
  }
}

extension HansardClientError {
  /// Whether no entry at all would be taken: the service is away, does not know the key, or something
  /// else than the service answers.
  var holdsEverything: Bool {
    switch self {
    case .problem(let problem): isTransient || [401, 403].contains(problem.status)
    case .transport, .timeout, .cancelled, .unreadableAnswer: true
    default: false
    }
  }
}
