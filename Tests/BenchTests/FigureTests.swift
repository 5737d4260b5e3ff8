// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Bench

@Suite struct FigureTests {
  @Test func judgesTheMedianOfItsRounds() {
    let kept = Figure(.single8, rounds: [0.1, 0.5, 9], plan: .full, bounds: .stated)
    let missed = Figure(.single8, rounds: [9, 0.49, 0.1], plan: .full, bounds: .stated)
    #expect(kept.value == 0.5 && kept.isKept)
    #expect(missed.value == 0.49 && !missed.isKept)
  }

  @Test func judgesTheLargestWhereOneIsEnough() {
    let figure = Figure(
      .improperRefusals, rounds: [0, 0, 1], .largest, plan: .full, bounds: .stated)
    #expect(!figure.isKept)
  }

  @Test(arguments: FigureID.allCases)
  func missesWithoutRounds(id: FigureID) {
    #expect(!Figure(id, rounds: [], plan: .full, bounds: .generous).isKept)
  }

  @Test(arguments: FigureID.allCases)
  func missesWhatCouldNotBeMeasured(id: FigureID) {
    #expect(!Figure(id, rounds: [.infinity], plan: .full, bounds: .generous).isKept)
  }

  @Test(arguments: FigureID.allCases)
  func loosensBoundsAwayFromTheFigure(id: FigureID) {
    switch (id.reach(.stated), id.reach(.generous)) {
    case (.atLeast(let stated), .atLeast(let generous)): #expect(generous <= stated)
    case (.atMost(let stated), .atMost(let generous)): #expect(generous >= stated)
    default: Issue.record("another direction")
    }
  }

  @Test func isNamedForWhatWasMeasured() {
    #expect(FigureID.listing.name(.full) == "list of 50 at 1,000,000 recordings ÷ at 1,000, p95")
    #expect(FigureID.listing.name(.short).contains(" 50,000 recordings"))
  }

  @Test func judgesNothingInContext() {
    #expect(Figure(context: "P64", rounds: [1]).isKept)
  }
}

@Suite struct ReportTests {
  private let report = Report(figures: [
    Figure(.single1, rounds: [0.25, 0.5, 0.25], plan: .full, bounds: .stated),
    Figure(context: "P1, rows/s", rounds: [.infinity]),
  ])

  @Test func writesAListOfFigures() throws {
    let list = try #require(
      try JSONSerialization.jsonObject(with: report.json()) as? [[String: Any]])
    #expect(
      list.map { $0.keys.sorted() }
        == Array(repeating: ["figure", "ok", "reach", "rounds", "value"], count: 2))
    #expect(list[0]["value"] as? Double == 0.25)
    #expect(list[0]["reach"] as? Double == 0.4)
    #expect(list[0]["ok"] as? Bool == false)
    #expect(list[0]["rounds"] as? [Double] == [0.25, 0.5, 0.25])
    #expect(list[1]["reach"] is NSNull && list[1]["value"] is NSNull)
  }

  @Test func saysWhatWasMissed() {
    #expect(!report.isKept)
    #expect(report.table.contains("MISSED      0.25    ≥ 0.40          0.25–0.50  single-event"))
  }
}
