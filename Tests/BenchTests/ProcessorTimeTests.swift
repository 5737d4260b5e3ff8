// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Bench

@Suite struct ProcessorTimeTests {
  @Test func countsThreadsThatAreNewAndThoseThatWereThere() {
    let before = ProcessorTime(byThread: [1: 5000, 2: 9000])
    let after = ProcessorTime(byThread: [1: 6000, 3: 2000])
    #expect(after.microseconds(since: before) == 3)
  }

  @Test func readsWhatThisProcessUses() {
    let before = ProcessorTime(of: [getpid()])
    let end = ContinuousClock.now + .milliseconds(20)
    while ContinuousClock.now < end {}
    #expect(ProcessorTime(of: [getpid()]).microseconds(since: before) > 0)
  }
}
