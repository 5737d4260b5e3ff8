// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The Mann–Whitney U test: whether values of one kind tend to be larger than those of another, whatever their
/// distribution, and however far single ones lie out.
///
/// Two-sided, by the normal approximation with correction for ties and for continuity: good from about twenty
/// values of each kind on.
package struct MannWhitney: Sendable {
  /// Pairs of which the first kind's value is the larger one; a tie counts half.
  package let u: Double
  /// How likely a `u` at least so far from its middle is, were there no difference; 0 to 1.
  package let p: Double

  /// Compares two samples, neither of which is empty.
  package init(_ first: [Double], _ second: [Double]) {
    let (n, m) = (Double(first.count), Double(second.count))
    let all = (first.map { ($0, true) } + second.map { ($0, false) }).sorted { $0.0 < $1.0 }
    var rankSum = 0.0
    var ties = 0.0
    var start = 0
    while start < all.count {
      let end = all[start...].firstIndex { $0.0 != all[start].0 } ?? all.count
      let length = Double(end - start)
      // Equal values share the middle of their ranks, which count from 1.
      let rank = (Double(start) + 1 + Double(end)) / 2
      rankSum += rank * Double(all[start..<end].count { $0.1 })
      ties += length * (length * length - 1)
      start = end
    }
    u = rankSum - n * (n + 1) / 2
    let total = n + m
    let variance = n * m / 12 * (total + 1 - ties / max(1, total * (total - 1)))
    guard variance > 0 else {
      // All are equal, or there is nothing to compare.
      p = 1
      return
    }
    let distance = max(0, abs(u - n * m / 2) - 0.5)
    p = erfc(distance / variance.squareRoot() / 2.0.squareRoot())
  }
}
