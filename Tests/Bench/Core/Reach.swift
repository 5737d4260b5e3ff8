// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The bound that a figure has to keep.
enum Reach: Sendable, Equatable {
  case atLeast(Double)
  case atMost(Double)

  /// The number without its direction.
  var limit: Double {
    switch self {
    case .atLeast(let limit), .atMost(let limit): limit
    }
  }

  /// Whether `value` is within the bound; what is not a number is not.
  func holds(_ value: Double) -> Bool {
    switch self {
    case .atLeast(let limit): value >= limit && value.isFinite
    case .atMost(let limit): value <= limit
    }
  }

  /// A bound of the same direction elsewhere.
  func moved(to limit: Double) -> Reach {
    switch self {
    case .atLeast: .atLeast(limit)
    case .atMost: .atMost(limit)
    }
  }
}

/// Whether figures are held to what was promised, or to what a short run on a busy machine must
/// still show.
enum Bounds: String, Sendable, CaseIterable {
  case stated
  case generous
}
