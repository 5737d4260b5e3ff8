// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Bench

@Suite struct StatisticsTests {
  @Test(
    arguments: [
      (values: [3.0], median: 3.0), (values: [4, 1], median: 2.5), (values: [9, 1, 5], median: 5),
      (values: [1, 1, 1, 100], median: 1),
    ] as [(values: [Double], median: Double)])
  func takesTheMiddle(values: [Double], median: Double) {
    #expect(Statistics.median(values) == median)
  }

  @Test func hasNoMedianOfNothing() {
    #expect(Statistics.median([]) == nil)
    #expect(Statistics.percentile(95, of: []) == nil)
  }

  @Test(
    arguments: [(50, 50), (95, 95), (99, 99), (99.5, 100), (100, 100), (0.1, 1)]
      as [(Double, Double)])
  func ranksByTheNearest(percent: Double, value: Double) {
    #expect(Statistics.percentile(percent, of: (1...100).map(Double.init).shuffled()) == value)
  }

  @Test func dividesByNothingToInfinity() {
    #expect(Statistics.ratio(1, 2) == 0.5)
    #expect(Statistics.ratio(0, 0) == .infinity)
  }
}
