// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What becomes of an entry that is refused with 403.
///
/// The service says 403 to one entry (another agent than the key's, somebody else's session or recording)
/// and to all (the key has another role now) alike. What is behind the entry tells them apart: when some of it
/// is taken and the entry is refused again afterwards, it is the entry, which is lost. While nothing is
/// taken everything stays, up to `forbiddenPatience`.
extension RecoveryAuditLogger {
  /// How many refusals are asked for in a row before there is a pause.
  private static let questions = 100

  /// Whether an entry is refused for its own sake; false: ask once more. Throws the refusal where that is
  /// not known.
  func isForbidden(
    _ pending: Pending, _ error: HansardClientError
  ) async throws(HansardClientError) -> Bool {
    let patience = options.forbiddenPatience
    if refusals.isSettled(pending.end, within: patience) { return true }
    refusals.add(pending.end, patience)
    guard try await isAnotherTaken() else { throw error }
    refusals.prove()
    return false
  }

  /// Whether the service takes anything of what it has not refused yet. It stays in the buffer and is sent
  /// again in its turn, which stores it once all the same.
  private func isAnotherTaken() async throws(HansardClientError) -> Bool {
    var left = Self.questions
    while let start = refusals.end {
      let page = try await buffer.read(atMost: 1000, from: start)
      guard !page.isEnd else { return false }
      var rest = Self.entries(of: page).0[...]
      while !rest.isEmpty {
        let group = Self.group(at: &rest)
        if try await isTaken(group) { return true }
        for index in group.indices {
          if group.count > 1, try await isTaken(group[index...index]) { return true }
          refusals.add(group[index].end, options.forbiddenPatience)
          left -= 1
          guard left > 0 else { return false }
        }
      }
      refusals.add(page.end, options.forbiddenPatience)
    }
    return false
  }

  private func isTaken(_ group: ArraySlice<Pending>) async throws(HansardClientError) -> Bool {
    guard let first = group.first?.entry else { return false }
    do throws(HansardClientError) {
      try await send(group.map(\.entry))
      return true
    } catch {
      if error.holdsEverything(of: first) { throw error }
      // What is wrong with it otherwise says nothing about the key.
      return false
    }
  }
}

/// From the cursor on, what was refused with 403 and is still in the buffer.
struct Refusals: Sendable {
  typealias Position = SegmentStore.Position

  /// Up to which position there were refusals, and since when, in order.
  private var marks: [(end: Position, since: ContinuousClock.Instant)] = []
  /// What is in front of it is refused for its own sake: something behind it was taken.
  private var proven: Position?

  /// Where the search goes on.
  var end: Position? { marks.last?.end }

  /// Whether an entry that is refused once more is lost.
  func isSettled(_ end: Position, within patience: Duration) -> Bool {
    if let proven, end <= proven { return true }
    guard let mark = marks.first(where: { end <= $0.end }) else { return false }
    return ContinuousClock.now - mark.since >= patience
  }

  /// Notes a refusal. Times are as exact as a sixteenth of the patience, which bounds the marks.
  mutating func add(_ end: Position, _ patience: Duration) {
    guard let last = marks.last else { return marks = [(end, .now)] }
    guard last.end < end else { return }
    if ContinuousClock.now - last.since < patience / 16 {
      marks[marks.count - 1].end = end
    } else {
      marks.append((end, .now))
    }
  }

  mutating func prove() { proven = end }

  /// Something at the cursor was taken: what was refused before may be taken as well.
  mutating func reset() { marks.removeAll() }

  /// The cursor is there now.
  mutating func pass(_ end: Position) {
    marks.removeAll { $0.end <= end }
    if let proven, proven <= end { self.proven = nil }
  }
}
