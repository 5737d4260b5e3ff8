// Hansard
// SPDX-License-Identifier: Apache-2.0

@testable import Postgres

/// What a user of `PoolState` sees: it does what the machine says, and notes where that breaks the
/// rules. Operations act on the oldest candidate, which loses nothing: slots are interchangeable.
struct PoolModel {
  enum Operation: Hashable { case request, giveUp, connected, connectFailed, release, unfit, close }

  /// Ways in which an executor could spoil what the machine says.
  enum Defect: CaseIterable, Sendable {
    case losesALend, lendsTwice, losesARefusal, connectsTwice, losesADiscard
  }

  private(set) var state: PoolState
  private(set) var violations: [String] = []
  private(set) var history: [Operation] = []
  var defect: Defect?

  private var waiting: [UInt64] = []
  private var lent: [UInt64] = []
  private var connecting: [UInt64] = []
  private var idle: Set<UInt64> = []
  private var gone: Set<UInt64> = []
  private var lastWaiter: UInt64 = 0
  private var drained = 0

  init(size: Int, queueLimit: Int) {
    state = PoolState(size: size, queueLimit: queueLimit)
  }

  /// What can happen now.
  var operations: [Operation] {
    var operations: [Operation] = [.request]
    if !waiting.isEmpty { operations.append(.giveUp) }
    if !connecting.isEmpty { operations += [.connected, .connectFailed] }
    if !lent.isEmpty { operations += [.release, .unfit] }
    if !state.isClosed { operations.append(.close) }
    return operations
  }

  mutating func perform(_ operation: Operation) {
    history.append(operation)
    switch operation {
    case .request:
      lastWaiter += 1
      waiting.append(lastWaiter)
      apply(state.request(lastWaiter))
    case .giveUp:
      // The youngest: a wait that is cut short need not be the longest.
      let waiter = waiting.removeLast()
      expect(state.giveUp(waiter), "waiter \(waiter) was not in the queue")
    case .connected:
      let slot = connecting.removeFirst()
      idle.insert(slot)
      apply(state.connected(slot))
    case .connectFailed:
      let slot = connecting.removeFirst()
      gone.insert(slot)
      apply(state.connectFailed(slot))
    case .release, .unfit:
      let slot = lent.removeFirst()
      idle.insert(slot)
      apply(state.release(slot, isReusable: operation == .release))
    case .close: apply(state.close())
    }
    check()
  }

  private mutating func apply(_ actions: [PoolState.Action]) {
    for action in actions {
      switch (action, defect) {
      case (.lend, .losesALend), (.refuse, .losesARefusal), (.discard, .losesADiscard): continue
      case (.lend, .lendsTwice), (.connect, .connectsTwice): act(action)
      default: break
      }
      act(action)
    }
  }

  private mutating func act(_ action: PoolState.Action) {
    switch action {
    case .connect(let slot):
      expect(!gone.contains(slot) && !connecting.contains(slot), "slot \(slot) made twice")
      expect(!state.isClosed, "connect after close")
      connecting.append(slot)
    case .lend(let slot, let waiter):
      expect(idle.remove(slot) != nil, "slot \(slot) lent while not idle")
      expect(waiting.first == waiter, "waiter \(waiter) served out of turn")
      waiting.removeAll { $0 == waiter }
      lent.append(slot)
    case .discard(let slot):
      expect(idle.remove(slot) != nil, "slot \(slot) discarded while not idle")
      gone.insert(slot)
    case .refuse(let waiters, let reason):
      expect(waiters.allSatisfy(waiting.contains), "refused who did not wait")
      if reason != .queueFull { expect(waiters == waiting, "not all were refused") }
      waiting.removeAll(where: waiters.contains)
    case .drained:
      drained += 1
      expect(lent.isEmpty && connecting.isEmpty && idle.isEmpty, "drained with connections")
    }
  }

  private mutating func check() {
    let count = idle.count + lent.count + connecting.count
    expect(count <= state.size, "\(count) connections")
    expect(waiting == state.waiting, "queue differs")
    expect(Set(lent) == state.lent && lent.count == state.lent.count, "lent differ")
    expect(Set(state.idle) == idle && state.idle.count == idle.count, "idle differ")
    expect(Set(connecting) == state.connecting, "connecting differ")
    expect(waiting.isEmpty || idle.isEmpty, "somebody waits beside an idle connection")
    let starved = waiting.count > connecting.count && count < state.size
    expect(!starved || history.last == .connectFailed, "room, but no connection is made")
    expect(waiting.count <= connecting.count + state.queueLimit || !grewQueue, "queue too long")
    expect(drained == (state.isClosed && count == 0 ? 1 : 0), "drained \(drained) times")
    if state.isClosed { expect(waiting.isEmpty && idle.isEmpty, "something is kept after close") }
  }

  /// Only a request may lengthen the queue; a connect that fails or is used up may leave more
  /// waiters than a request would now be allowed to add.
  private var grewQueue: Bool { history.last == .request }

  private mutating func expect(_ condition: Bool, _ rule: String) {
    if !condition { violations.append(rule) }
  }
}
