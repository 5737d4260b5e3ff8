// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Who has which connection and who waits: a pure state machine. It performs nothing; every
/// operation returns what is to be done.
///
/// A connection is made when somebody waits for whom none is being made, and there is room.
/// Waiters are served in the order of their arrival, idle connections last in first out, so that
/// as few as possible are kept busy.
struct PoolState {
  /// One connection, from the attempt to its end; never used twice.
  typealias Slot = UInt64
  typealias Waiter = UInt64

  enum Action: Equatable {
    case connect(Slot)
    case lend(Slot, to: Waiter)
    /// The connection is to be closed; the slot is forgotten already.
    case discard(Slot)
    case refuse([Waiter], Refusal)
    /// The pool is closed and holds no connection any more.
    case drained
  }

  enum Refusal: Equatable {
    case queueFull, closed, connectFailed
  }

  /// Most connections, of any state.
  let size: Int
  /// Most waiters beyond those for whom a connection is being made.
  let queueLimit: Int

  private(set) var idle: [Slot] = []
  private(set) var lent: Set<Slot> = []
  private(set) var connecting: Set<Slot> = []
  private(set) var waiting: [Waiter] = []
  private(set) var isClosed = false
  private var lastSlot: Slot = 0

  init(size: Int, queueLimit: Int) {
    self.size = max(1, size)
    self.queueLimit = max(0, queueLimit)
  }

  var count: Int { idle.count + lent.count + connecting.count }
  var isDrained: Bool { isClosed && count == 0 }

  /// An idle connection, without waiting.
  mutating func takeIdle() -> Slot? {
    guard !isClosed, waiting.isEmpty, let slot = idle.popLast() else { return nil }
    lent.insert(slot)
    return slot
  }

  /// Somebody wants a connection and is ready to wait.
  mutating func request(_ waiter: Waiter) -> [Action] {
    if isClosed { return [.refuse([waiter], .closed)] }
    if let slot = takeIdle() { return [.lend(slot, to: waiter)] }
    waiting.append(waiter)
    let actions = grow()
    guard actions.isEmpty, waiting.count - connecting.count > queueLimit else { return actions }
    waiting.removeLast()
    return [.refuse([waiter], .queueFull)]
  }

  /// A waiter leaves. False when it was served or refused before.
  mutating func giveUp(_ waiter: Waiter) -> Bool {
    guard let index = waiting.firstIndex(of: waiter) else { return false }
    waiting.remove(at: index)
    return true
  }

  mutating func connected(_ slot: Slot) -> [Action] {
    guard connecting.remove(slot) != nil else { return [.discard(slot)] }
    return offer(slot)
  }

  /// All that wait now are refused: a database that is away must not keep callers waiting.
  mutating func connectFailed(_ slot: Slot) -> [Action] {
    guard connecting.remove(slot) != nil else { return [] }
    defer { waiting = [] }
    return (waiting.isEmpty ? [] : [.refuse(waiting, .connectFailed)]) + drainedIfSo()
  }

  /// A lent connection comes back; one that is not reusable is discarded and, if need be, replaced.
  mutating func release(_ slot: Slot, isReusable: Bool) -> [Action] {
    guard lent.remove(slot) != nil else { return [] }
    return isReusable ? offer(slot) : [.discard(slot)] + grow() + drainedIfSo()
  }

  mutating func close() -> [Action] {
    if isClosed { return [] }
    isClosed = true
    defer { (waiting, idle) = ([], []) }
    let refusals: [Action] = waiting.isEmpty ? [] : [.refuse(waiting, .closed)]
    let discards = idle.map { Action.discard($0) }
    return refusals + discards + (lent.isEmpty && connecting.isEmpty ? [.drained] : [])
  }

  private mutating func offer(_ slot: Slot) -> [Action] {
    if isClosed { return [.discard(slot)] + drainedIfSo() }
    guard !waiting.isEmpty else {
      idle.append(slot)
      return []
    }
    lent.insert(slot)
    return [.lend(slot, to: waiting.removeFirst())]
  }

  private mutating func grow() -> [Action] {
    var actions: [Action] = []
    while !isClosed, connecting.count < waiting.count, count < size {
      lastSlot &+= 1
      connecting.insert(lastSlot)
      actions.append(.connect(lastSlot))
    }
    return actions
  }

  private func drainedIfSo() -> [Action] { isDrained ? [.drained] : [] }
}
