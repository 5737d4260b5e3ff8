// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Who waits until when, of parties that are known by a number.
struct Pauses: Sendable {
  /// The one that ends next stands last.
  private var waiting: [(end: ContinuousClock.Instant, index: Int)] = []

  /// When the next one ends; nil when nobody waits.
  var next: ContinuousClock.Instant? { waiting.last?.end }

  /// Lets `index` wait.
  mutating func add(_ index: Int, until end: ContinuousClock.Instant) {
    var (low, high) = (0, waiting.count)
    while low < high {
      let middle = (low + high) / 2
      if waiting[middle].end > end { low = middle + 1 } else { high = middle }
    }
    waiting.insert((end, index), at: low)
  }

  /// Takes those whose time is over, in the order of their ends.
  mutating func takeOver(at now: ContinuousClock.Instant) -> [Int] {
    var over: [Int] = []
    while let last = waiting.last, last.end <= now {
      over.append(last.index)
      waiting.removeLast()
    }
    return over
  }
}
