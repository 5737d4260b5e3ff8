// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Fills one transaction with requests, within its bounds and each tenant's share.
struct AppendGroupBuilder {
  enum Verdict {
    case added
    /// Another tenant waits, and this one has half of the transaction.
    case tenantHasItsShare
    /// It does not fit, or must find an event of the group stored.
    case full
  }

  private struct Size {
    var requests = 0
    var events = 0
    var bytes = 0

    mutating func add(_ request: AppendRequest) {
      requests += 1
      events += request.events.count
      bytes += request.byteCount
    }

    /// Whether one more request stays within a fraction of the bounds; the first always does.
    func hasRoom(for request: AppendRequest, _ bounds: AppendQueue.Bounds, part: Int) -> Bool {
      let mostEvents = bounds.groupEvents / part
      return requests == 0
        || (requests < bounds.groupRequests / part
          && events + request.events.count
            <= (part > 1 ? min(mostEvents, bounds.sharedGroupEvents) : mostEvents)
          && bytes + request.byteCount <= bounds.groupBytes / part)
    }
  }

  private(set) var members: [PendingAppend] = []
  private(set) var isOpen = true
  private let bounds: AppendQueue.Bounds
  /// Two while several tenants wait: none gets more than half.
  private let part: Int
  private var total = Size()
  private var sizes: [TenantID: Size] = [:]
  private var chosen: Set<ChosenEvent> = []
  /// Tenants passed over since the last request was added.
  private var passedOver = 0

  init(_ bounds: AppendQueue.Bounds, tenants: Int) {
    self.bounds = bounds
    part = tenants > 1 ? 2 : 1
  }

  /// Adds a request, or says why not; after `full` nothing is added any more.
  mutating func add(_ pending: PendingAppend) -> Verdict {
    let request = pending.request
    guard sizes[request.tenant, default: Size()].hasRoom(for: request, bounds, part: part) else {
      passedOver += 1
      return .tenantHasItsShare
    }
    guard total.hasRoom(for: request, bounds, part: 1), accept(request.chosenEvents) else {
      isOpen = false
      return .full
    }
    passedOver = 0
    total.add(request)
    sizes[request.tenant, default: Size()].add(request)
    chosen.formUnion(request.chosenEvents)
    members.append(pending)
    return .added
  }

  /// Whether each of so many tenants has been passed over: nobody can add anything.
  func isExhausted(of tenants: Int) -> Bool { passedOver >= max(1, tenants) }

  /// Whether none of `events` is in the group.
  private func accept(_ events: [ChosenEvent]) -> Bool {
    chosen.isDisjoint(with: events) && Set(events).count == events.count
  }
}

/// An event by the id that its client chose.
struct ChosenEvent: Hashable {
  let recording: RecordingID
  let event: EventID
}

extension AppendRequest {
  fileprivate var chosenEvents: [ChosenEvent] {
    events.filter(\.isChosen).map { ChosenEvent(recording: recording, event: $0.id) }
  }
}
