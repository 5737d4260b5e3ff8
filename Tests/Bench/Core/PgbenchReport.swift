// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What one run of `pgbench` measured (manual, "pgbench", "Output").
struct PgbenchReport: Sendable, Equatable {
  /// Transactions per second, without the time that connecting took.
  let rate: Double

  /// Reads the lines `tps = …` and `number of failed transactions: …`.
  init(parsing output: String) throws {
    let lines = output.split(separator: "\n")
    let failed = Self.number(after: "number of failed transactions: ", in: lines)
    guard let rate = Self.number(after: "tps = ", in: lines), rate > 0, failed ?? 0 == 0 else {
      throw BenchError("pgbench gave no usable result:\n\(output)")
    }
    self.rate = rate
  }

  private static func number(after prefix: String, in lines: [Substring]) -> Double? {
    lines.first { $0.hasPrefix(prefix) }
      .flatMap { Double($0.dropFirst(prefix.count).prefix { !$0.isWhitespace }) }
  }
}
