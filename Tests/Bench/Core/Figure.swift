// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One measured figure: what each round gave, and what that comes to.
struct Figure: Sendable, Equatable {
  /// How the rounds become one value.
  enum Summary: Sendable {
    case median
    /// For memory and for counts of what must not happen: one bad round is enough.
    case largest
  }

  let name: String
  let rounds: [Double]
  let value: Double
  /// Nil for what is only told, such as the yardstick itself.
  let reach: Reach?

  /// A figure that is judged.
  init(
    _ id: FigureID, rounds: [Double], _ summary: Summary = .median, plan: Plan, bounds: Bounds
  ) {
    self.init(id.name(plan), rounds: rounds, summary, reach: id.reach(bounds))
  }

  /// A figure that is only told.
  init(context name: String, rounds: [Double], _ summary: Summary = .median) {
    self.init(name, rounds: rounds, summary, reach: nil)
  }

  private init(_ name: String, rounds: [Double], _ summary: Summary, reach: Reach?) {
    self.name = name
    self.rounds = rounds
    self.reach = reach
    let value = summary == .median ? Statistics.median(rounds) : rounds.max()
    self.value = value ?? .nan
  }

  /// Whether it keeps its bound; a figure without rounds keeps none.
  var isKept: Bool { reach?.holds(value) ?? true }
}
