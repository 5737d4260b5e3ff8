// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Many delays, counted by the millisecond: what there are millions of is not kept one by one.
struct Delays: Sendable {
  /// The longest delay that is told from longer ones, in milliseconds.
  static let longest = 60_000

  private var counts = [Int](repeating: 0, count: longest + 1)
  private(set) var total = 0

  /// Counts a delay, rounded up to the next millisecond; what came before its time counts as none.
  mutating func count(_ delay: Duration) {
    let milliseconds = (delay / .milliseconds(1)).rounded(.up)
    counts[Int(min(max(milliseconds, 0), Double(Self.longest)))] += 1
    total += 1
  }

  /// The delay in milliseconds that `percent` of all are not above; infinite where there are none.
  func percentile(_ percent: Double) -> Double {
    let rank = Int((percent / 100 * Double(total)).rounded(.up))
    var passed = 0
    for (milliseconds, count) in counts.enumerated() where count > 0 {
      passed += count
      if passed >= rank { return Double(milliseconds) }
    }
    return .infinity
  }
}
