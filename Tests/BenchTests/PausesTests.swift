// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Bench

@Suite struct PausesTests {
  @Test func endsThemInOrder() {
    let now = ContinuousClock.now
    var pauses = Pauses()
    for index in [3, 1, 4, 0, 2] { pauses.add(index, until: now + .seconds(index)) }
    #expect(pauses.next == now)
    #expect(pauses.takeOver(at: now - .nanoseconds(1)).isEmpty)
    #expect(pauses.takeOver(at: now + .seconds(3)) == [0, 1, 2, 3])
    #expect(pauses.next == now + .seconds(4))
    #expect(pauses.takeOver(at: now + .seconds(9)) == [4])
    #expect(pauses.next == nil)
  }

  @Test func endsAllThatEndTogether() {
    let now = ContinuousClock.now
    var pauses = Pauses()
    for index in 0..<3 { pauses.add(index, until: now) }
    #expect(Set(pauses.takeOver(at: now)) == [0, 1, 2])
  }
}
