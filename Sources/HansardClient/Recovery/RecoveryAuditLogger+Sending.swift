// Hansard
// SPDX-License-Identifier: Apache-2.0

extension RecoveryAuditLogger {
  /// Entries of one session that are sent as one request.
  private static let groupLimit = 200
  private static let groupBytes = 1 << 20
  /// How often an entry may make the service fail before it is given up.
  private static let patience = 10

  /// An entry on its way out of the buffer.
  struct Pending: Sendable {
    var entry: BufferedEntry
    /// Where the buffer goes on behind it.
    var end: SegmentStore.Position
    /// Damaged lines in front of it.
    var damaged: Int
  }

  /// Sends what one reading of the buffer gives; true where there was nothing left.
  ///
  /// Throws what keeps the service, or the disk, from taking any of it: try again later. What was settled
  /// before stays settled.
  func sendPage() async throws(HansardClientError) -> Bool {
    let page = try await buffer.read(atMost: 1000)
    let (entries, damagedAtEnd) = Self.entries(of: page)
    var rest = entries[...]
    while !rest.isEmpty { try await deliver(Self.group(at: &rest)) }
    try await pass(page.end, damaged: damagedAtEnd)
    return page.isEnd
  }

  /// The entries of a page, and how many lines behind the last one are none.
  static func entries(of page: SegmentStore.Page) -> ([Pending], damagedAtEnd: Int) {
    var entries: [Pending] = []
    var damaged = 0
    for line in page.entries {
      damaged += line.damaged
      guard let entry = BufferedEntry(payload: line.payload) else {
        damaged += 1
        continue
      }
      entries.append(Pending(entry: entry, end: line.end, damaged: damaged))
      damaged = 0
    }
    return (entries, damaged + page.damagedAtEnd)
  }

  /// Takes the next entries that can go together: attempts of one session.
  static func group(at rest: inout ArraySlice<Pending>) -> ArraySlice<Pending> {
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

  /// Sends a group and passes it. An entry that is refused is lost, alone; what throws is to be tried again.
  private func deliver(_ group: ArraySlice<Pending>) async throws(HansardClientError) {
    guard let first = group.first else { return }
    do throws(HansardClientError) {
      try await send(group.map(\.entry))
    } catch {
      // Smaller ones may pass whoever stands in between.
      let isSplit = error.isTooLarge && group.count > 1
      if error.holdsEverything(of: first.entry), !isSplit { throw error }
      guard group.count == 1 else {
        for index in group.indices { try await deliver(group[index...index]) }
        return
      }
      guard try await isGivenUp(first, error) else { return try await deliver(group) }
      try await pass(first.end, damaged: first.damaged)
      let entry = first.entry
      lose(Loss(entryID: entry.entryID, sessionID: entry.session, reason: .refused(error)))
      return
    }
    refusals.reset()
    let damaged = group.reduce(0) { $0 + $1.damaged }
    try await pass(group.last?.end ?? first.end, damaged: damaged)
    status.delivered += group.count
  }

  /// Is done with everything in front of a position, and tells of what was damaged there.
  private func pass(
    _ end: SegmentStore.Position, damaged: Int
  ) async throws(HansardClientError) {
    try await buffer.advance(to: end)
    refusals.pass(end)
    if damaged > 0 { lose(Loss(reason: .damaged(lines: damaged))) }
  }

  /// Whether an entry that is refused is lost now; false: it may be taken after all. Throws where that is
  /// not settled yet.
  private func isGivenUp(
    _ pending: Pending, _ error: HansardClientError
  ) async throws(HansardClientError) -> Bool {
    guard case .problem(let problem) = error else { return true }
    if problem.status == 403 { return try await isForbidden(pending, error) }
    let key = pending.entry.key
    if problem.status >= 500, failing[key, default: 0] < Self.patience {
      failing[key, default: 0] += 1
      throw error
    }
    failing[key] = nil
    return true
  }
}

extension HansardClientError {
  /// Whether no entry at all would be taken, or this one will be later: the service is away, does not know
  /// the key, or something else than the service answers; or the entry's session goes on in another one.
  func holdsEverything(of entry: BufferedEntry) -> Bool {
    guard case .problem(let problem) = self else { return isTriedLater }
    return isTriedLater || problem.status == 401 || isEndOfSession && entry.isOwn
  }

  /// Whether a session takes no more for ever: it was cleared, or has expired.
  var isEndOfSession: Bool {
    guard case .problem(let problem) = self else { return false }
    return problem.status == 410 && ["session_cleared", "session_expired"].contains(problem.code)
  }
}
