// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Rounds in which two things are measured in turn, so that whatever else the machine does meets
/// both.
struct Rounds: Sendable {
  /// The two values of each round.
  private(set) var base: [Double] = []
  private(set) var tried: [Double] = []

  /// Measures both once for nothing, if the plan has that, then both in turn.
  ///
  /// - Parameters:
  ///   - name: what the progress lines begin with.
  ///   - base: what is divided by; given the seconds to measure.
  ///   - tried: what is divided.
  static func alternate(
    _ name: String, _ plan: Plan,
    base: (Int) async throws -> Double, tried: (Int) async throws -> Double
  ) async throws -> Rounds {
    if plan.warmUpSeconds > 0 {
      _ = try await base(plan.warmUpSeconds)
      _ = try await tried(plan.warmUpSeconds)
    }
    var rounds = Rounds()
    for number in 1...plan.rounds {
      rounds.base.append(try await base(plan.seconds))
      rounds.tried.append(try await tried(plan.seconds))
      rounds.tell(name, number)
    }
    return rounds
  }

  /// `tried ÷ base` of each round.
  var ratios: [Double] { zip(tried, base).map { Statistics.ratio($0, $1) } }

  private func tell(_ name: String, _ number: Int) {
    let (base, tried) = (base.last ?? .nan, tried.last ?? .nan)
    let ratio = Report.text(Statistics.ratio(tried, base))
    Progress.say("\(name) \(number): \(Report.text(tried)) ÷ \(Report.text(base)) = \(ratio)")
  }
}
