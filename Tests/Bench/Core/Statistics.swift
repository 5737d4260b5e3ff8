// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The few statistics that figures are made of.
enum Statistics {
  /// The middle value, or the mean of the two middle ones; nil of nothing.
  static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The smallest value that at least `percent` of all are not above (nearest rank); nil of nothing.
  ///
  /// - Parameter percent: above 0, up to 100.
  static func percentile(_ percent: Double, of values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let rank = Int((percent / 100 * Double(sorted.count)).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }

  /// `dividend ÷ divisor`; infinite when the divisor is not positive, so that a measurement that
  /// came to nothing is never within an upper bound.
  static func ratio(_ dividend: Double, _ divisor: Double) -> Double {
    divisor > 0 ? dividend / divisor : .infinity
  }
}
