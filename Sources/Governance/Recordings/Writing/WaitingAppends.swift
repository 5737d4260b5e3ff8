// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The requests that wait in one lane, kept by tenant so that none crowds out another: tenants take
/// turns, and none holds more than half of the room or of a transaction while another waits.
///
/// The requests of one tenant stay in the order in which they came, and with them the events of each
/// recording.
struct WaitingAppends {
  /// One tenant's requests; what is before `head` has been taken, and is nil.
  private struct Line {
    private var requests: [PendingAppend?] = []
    private var head = 0
    private(set) var bytes = 0

    var count: Int { requests.count - head }
    var first: PendingAppend? { head < requests.count ? requests[head] : nil }
    var all: [PendingAppend] { requests[head...].compactMap(\.self) }

    mutating func append(_ pending: PendingAppend) {
      requests.append(pending)
      bytes += pending.request.byteCount
    }

    mutating func removeFirst() {
      guard let first else { return }
      bytes -= first.request.byteCount
      requests[head] = nil
      head += 1
      // Moves the rest now and then, not each time.
      if head > 32, head * 2 > requests.count {
        requests.removeFirst(head)
        head = 0
      }
    }
  }

  private var lines: [TenantID: Line] = [:]
  /// Tenants with something waiting, the next one first.
  private var turns: [TenantID] = []
  private(set) var count = 0
  private(set) var bytes = 0

  var isEmpty: Bool { count == 0 }

  /// Adds a request at the end of its tenant's line; false when there is no room for it. One request
  /// has room in an empty line, however large.
  mutating func add(_ pending: PendingAppend, _ bounds: AppendQueue.Bounds) -> Bool {
    let (tenant, size) = (pending.request.tenant, pending.request.byteCount)
    // Not the line itself: a copy of it would have to be moved when it grows.
    let (before, bytesBefore) = (lines[tenant]?.count ?? 0, lines[tenant]?.bytes ?? 0)
    guard count < bounds.waitingRequests, count == 0 || bytes + size <= bounds.waitingBytes,
      before == 0
        || (before < (bounds.waitingRequests + 1) / 2
          && bytesBefore + size <= (bounds.waitingBytes + 1) / 2)
    else { return false }
    if before == 0 { turns.append(tenant) }
    lines[tenant, default: Line()].append(pending)
    count += 1
    bytes += size
    return true
  }

  /// Takes what goes into one transaction: a request of each tenant in turn, until it is full. It ends
  /// before an event that is in the group already: the second must find the first stored.
  mutating func takeGroup(_ bounds: AppendQueue.Bounds) -> [PendingAppend] {
    var group = AppendGroupBuilder(bounds, tenants: turns.count)
    var index = 0
    while !turns.isEmpty, group.isOpen {
      index = index < turns.count ? index : 0
      let tenant = turns[index]
      guard let pending = lines[tenant]?.first else { break }
      switch group.add(pending) {
      case .added:
        remove(from: tenant, at: index)
        // The next tenant has moved into this one's place if the line is empty now.
        if index < turns.count, turns[index] == tenant { index += 1 }
      case .tenantHasItsShare: index += 1
      case .full: break
      }
      if group.isExhausted(of: turns.count) { break }
    }
    rotate(to: index)
    return group.members
  }

  /// Takes the requests whose time is over: all have the same patience, so they stand first in line.
  mutating func takeOverdue(at now: ContinuousClock.Instant) -> [PendingAppend] {
    var overdue: [PendingAppend] = []
    for tenant in turns {
      while let first = lines[tenant]?.first, first.deadline <= now {
        overdue.append(first)
        drop(from: tenant)
      }
    }
    turns.removeAll { lines[$0] == nil }
    return overdue
  }

  /// Takes everything.
  mutating func takeAll() -> [PendingAppend] {
    defer { self = WaitingAppends() }
    return turns.flatMap { lines[$0]?.all ?? [] }
  }

  /// Whose turn it would have been is first the next time.
  private mutating func rotate(to index: Int) {
    guard index > 0, index < turns.count else { return }
    turns = Array(turns[index...] + turns[..<index])
  }

  private mutating func remove(from tenant: TenantID, at index: Int) {
    drop(from: tenant)
    if lines[tenant] == nil { turns.remove(at: index) }
  }

  private mutating func drop(from tenant: TenantID) {
    guard let size = lines[tenant]?.first?.request.byteCount else { return }
    lines[tenant]?.removeFirst()
    if lines[tenant]?.count == 0 { lines[tenant] = nil }
    count -= 1
    bytes -= size
  }
}
