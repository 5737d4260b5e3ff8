// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Bench

@Suite struct WrkReportTests {
  private static let line =
    #"{"requests":300,"microseconds":1500000,"p50":1,"p95":2,"p99":3,"refused":0,"broken":0}"#

  @Test func findsTheLineOfTheScript() throws {
    let report = try WrkReport(parsing: "Running 1s test\n  noise\nbench \(Self.line)\n")
    #expect(report.rate == 200)
    #expect(report.p95 == 2)
    try report.requireSuccess()
  }

  @Test(arguments: ["", "bench ", "bench {}", "Requests/sec: 5"])
  func refusesOutputWithoutIt(output: String) {
    #expect(throws: BenchError.self) { try WrkReport(parsing: output) }
  }

  @Test(arguments: [("refused\":0", "refused\":1"), ("broken\":0", "broken\":1"), ("300", "0")])
  func failsARoundWithARefusalInIt(old: String, new: String) throws {
    let report = try WrkReport(parsing: "bench \(Self.line.replacing(old, with: new))")
    #expect(throws: BenchError.self) { try report.requireSuccess() }
  }
}

@Suite struct PgbenchReportTests {
  @Test func readsTransactionsPerSecond() throws {
    let output = """
      number of transactions actually processed: 5
      number of failed transactions: 0 (0.000%)
      latency average = 0.4 ms
      tps = 2500.250000 (without initial connection time)
      """
    #expect(try PgbenchReport(parsing: output).rate == 2500.25)
  }

  @Test(arguments: [
    "", "tps = 0.0 (x)", "number of failed transactions: 2 (1%)\ntps = 5.0 (x)", "tps = nan (x)",
  ])
  func refusesAnythingElse(output: String) {
    #expect(throws: BenchError.self) { try PgbenchReport(parsing: output) }
  }
}

@Suite struct OptionsTests {
  @Test func changesWhatShortChose() throws {
    let options = try Options(parsing: ["--rounds", "7", "--short", "--only", "single"])
    #expect(options.plan.rounds == 7 && options.plan.rateRounds == 7)
    #expect(options.plan.seconds == Plan.short.seconds)
    #expect(options.only == "single" && options.bounds == .stated)
  }

  @Test(arguments: [
    ["--fast"], ["--rounds"], ["--rounds", "0"], ["--clients", "4001"], ["--bounds", "none"],
    ["x", "y"],
  ])
  func refusesWhatItDoesNotKnow(arguments: [String]) {
    #expect(throws: BenchError.self) { try Options(parsing: arguments) }
  }
}
