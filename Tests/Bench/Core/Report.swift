// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// All figures of a run: as a table for people, as JSON for programs.
struct Report: Sendable {
  var figures: [Figure] = []

  /// Whether every figure keeps its bound.
  var isKept: Bool { figures.allSatisfy(\.isKept) }

  /// One line per figure: verdict, value, bound, the range of its rounds, name.
  var table: String {
    let header = Self.line("", "value", "reach", "rounds", "figure")
    return ([header] + figures.map(Self.line)).joined(separator: "\n")
  }

  private static func line(_ figure: Figure) -> String {
    let verdict = figure.reach == nil ? "" : figure.isKept ? "ok" : "MISSED"
    let range = "\(text(figure.rounds.min() ?? .nan))–\(text(figure.rounds.max() ?? .nan))"
    return line(
      verdict, text(figure.value), figure.reach.map(text) ?? "",
      figure.rounds.count > 1 ? range : "", figure.name)
  }

  private static func line(
    _ verdict: String, _ value: String, _ reach: String, _ rounds: String, _ name: String
  ) -> String {
    let cells = [(verdict, 6), (value, 8), (reach, 8), (rounds, 17)]
      .map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }
    return (cells + [name]).joined(separator: "  ")
  }

  private static func text(_ reach: Reach) -> String {
    switch reach {
    case .atLeast(let limit): "≥ \(text(limit))"
    case .atMost(let limit): "≤ \(text(limit))"
    }
  }

  /// Three significant digits or so, which is more than the rounds agree on.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
    return String(format: "%.\(digits)f", value)
  }
}

// MARK: - JSON

extension Report {
  /// A list of `{figure, value, reach, ok, rounds}`; `reach` is null where nothing is judged, and
  /// what could not be measured is null as well.
  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(figures.map(Entry.init))
  }

  private struct Entry: Encodable {
    let figure: Figure

    enum CodingKeys: String, CodingKey {
      case figure, value, reach, ok, rounds
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(figure.name, forKey: .figure)
      try container.encode(Self.finite(figure.value), forKey: .value)
      try container.encode(figure.reach?.limit, forKey: .reach)
      try container.encode(figure.isKept, forKey: .ok)
      try container.encode(figure.rounds.map(Self.finite), forKey: .rounds)
    }

    /// JSON has no infinity.
    private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
  }
}
