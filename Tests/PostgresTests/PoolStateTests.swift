// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Postgres

struct PoolStateTests {
  @Test func connectsForAWaiterAndLendsToIt() {
    var state = PoolState(size: 1, queueLimit: 1)
    #expect(state.request(1) == [.connect(1)])
    #expect(state.request(2) == [])
    #expect(state.request(3) == [.refuse([3], .queueFull)])
    #expect(state.connected(1) == [.lend(1, to: 1)])
    #expect(state.release(1, isReusable: true) == [.lend(1, to: 2)])
    #expect(state.release(1, isReusable: true) == [])
    #expect(state.takeIdle() == 1)
  }

  @Test func replacesAConnectionThatIsNotReusableOnDemandOnly() {
    var state = PoolState(size: 1, queueLimit: 5)
    _ = state.request(1)
    _ = state.connected(1)
    #expect(state.release(1, isReusable: false) == [.discard(1)])
    #expect(state.request(2) == [.connect(2)])
    _ = state.connected(2)
    #expect(state.request(3) == [])
    #expect(state.release(2, isReusable: false) == [.discard(2), .connect(3)])
  }

  @Test func failsAllThatWaitWhenAConnectFails() {
    var state = PoolState(size: 2, queueLimit: 5)
    #expect(state.request(1) == [.connect(1)])
    #expect(state.request(2) == [.connect(2)])
    #expect(state.request(3) == [])
    #expect(state.connectFailed(1) == [.refuse([1, 2, 3], .connectFailed)])
    #expect(state.connectFailed(2) == [])
    #expect(state.request(4) == [.connect(3)])
  }

  @Test func closesWhenTheLastConnectionIsBack() {
    var state = PoolState(size: 3, queueLimit: 5)
    _ = state.request(1)
    _ = state.request(2)
    _ = state.connected(1)
    _ = state.request(3)
    _ = state.release(1, isReusable: true)
    #expect(state.close() == [.refuse([3], .closed)])
    #expect(state.request(9) == [.refuse([9], .closed)])
    #expect(state.connected(2) == [.discard(2)])
    #expect(state.connectFailed(3) == [])
    #expect(state.release(1, isReusable: true) == [.discard(1), .drained])
    #expect(state.close() == [])
  }

  /// All sequences of operations up to a length, on small pools.
  @Test(arguments: [(1, 0), (1, 1), (2, 1)])
  func keepsItsRulesInEverySmallHistory(size: Int, queueLimit: Int) {
    var histories = 0
    func explore(_ model: PoolModel, _ depth: Int) {
      histories += 1
      if depth == 0 { return }
      for operation in model.operations {
        var next = model
        next.perform(operation)
        guard next.violations.isEmpty else {
          Issue.record("\(next.violations) after \(next.history)")
          return
        }
        explore(next, depth - 1)
      }
    }
    explore(PoolModel(size: size, queueLimit: queueLimit), 8)
    #expect(histories > 1000)
  }

  @Test func keepsItsRulesInLongRandomHistories() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<60 {
      let size = Int.random(in: 1...4, using: &generator)
      var model = PoolModel(size: size, queueLimit: Int.random(in: 0...5, using: &generator))
      for _ in 0..<500 {
        var operations = model.operations
        // Closing ends everything: rarely.
        if Int.random(in: 0..<100, using: &generator) != 0 { operations.removeAll { $0 == .close } }
        guard let operation = operations.randomElement(using: &generator) else { break }
        model.perform(operation)
      }
      #expect(model.violations.isEmpty, "\(model.history)")
    }
  }

  /// The model must notice a machine that does not do what it says.
  @Test(arguments: PoolModel.Defect.allCases)
  func theModelNotices(defect: PoolModel.Defect) {
    var model = PoolModel(size: 2, queueLimit: 2)
    model.defect = defect
    let operations: [PoolModel.Operation] = [
      .request, .request, .request, .connected, .connected, .release, .unfit, .request, .connected,
      .request, .request, .close, .release, .release,
    ]
    for operation in operations where model.operations.contains(operation) {
      model.perform(operation)
    }
    #expect(!model.violations.isEmpty)
  }
}
