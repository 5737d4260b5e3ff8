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

    /// Whether one more request stays within `limit`; the first always does.
    func hasRoom(for request: AppendRequest, within limit: Size) -> Bool {
      requests == 0
        || (requests < limit.requests && events + request.events.count <= limit.events
          && bytes + request.byteCount <= limit.bytes)
    }
  }

  private(set) var members: [PendingAppend] = []
  private(set) var isOpen = true
  /// The most that goes into the transaction, and the most of one tenant.
  private let (limit, share): (Size, Size)
  private var total = Size()
  private var sizes: [TenantID: Size] = [:]
  private var chosen: Set<ChosenEvent> = []
  /// Tenants passed over since the last request was added.
  private var passedOver = 0

  init(_ bounds: AppendQueue.Bounds, tenants: Int) {
    limit = Size(
      requests: bounds.groupRequests, events: bounds.groupEvents, bytes: bounds.groupBytes)
    share =
      tenants > 1
      ? Size(
        requests: limit.requests / 2, events: min(limit.events / 2, bounds.sharedGroupEvents),
        bytes: limit.bytes / 2)
      : limit
  }

  /// Adds a request, or says why not; after `full` nothing is added any more.
  mutating func add(_ pending: PendingAppend) -> Verdict {
    let request = pending.request
    guard sizes[request.tenant, default: Size()].hasRoom(for: request, within: share) else {
      passedOver += 1
      return .tenantHasItsShare
    }
    let events = request.chosenEvents
    guard total.hasRoom(for: request, within: limit), chosen.isDisjoint(with: events) else {
      isOpen = false
      return .full
    }
    passedOver = 0
    total.add(request)
    sizes[request.tenant, default: Size()].add(request)
    chosen.formUnion(events)
    members.append(pending)
    return .added
  }

  /// Whether each of so many tenants has been passed over: nobody can add anything.
  func isExhausted(of tenants: Int) -> Bool { passedOver >= max(1, tenants) }
}

/// An event by the id that its client chose.
private struct ChosenEvent: Hashable {
  let recording: RecordingID
  let event: EventID
}

extension AppendRequest {
  fileprivate var chosenEvents: [ChosenEvent] {
    events.filter(\.isChosen).map { ChosenEvent(recording: recording, event: $0.id) }
  }
}
