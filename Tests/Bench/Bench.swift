// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// `hansard-bench`: what a request costs beside what PostgreSQL itself costs, on the same server.
@main
struct Bench {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.contains("--help") {
      print(Options.usage)
      exit(0)
    }
    OpenFiles.raiseLimit()
    do {
      let options = try Options(parsing: arguments)
      let report = try await Interruption.cancelling { try await run(options) }
      print(report.table)
      exit(report.isKept ? 0 : 1)
    } catch {
      Progress.say("hansard-bench: \(error is CancellationError ? "interrupted" : "\(error)")")
      exit(2)
    }
  }

  /// Measures everything that was chosen and writes the figures; where a group fails, those that
  /// were measured before are written all the same.
  private static func run(_ options: Options) async throws -> Report {
    let groups = try Group.chosen(options.only)
    var report = Report()
    report.figures.append(load(options))
    defer { Progress.say("") }
    return try await Ground.with(program: options.program) { ground in
      let stage = try await Stage.prepare(on: ground, options: options)
      for group in groups {
        let start = ContinuousClock.now
        report.figures += try await group.measure(stage)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        Progress.say("\(group.name) took \(Report.text(seconds)) s")
        try write(report, to: options.output)
      }
      return report
    }
  }

  /// What else the machine is doing: figures of a busy one say little.
  private static func load(_ options: Options) -> Figure {
    var averages = [Double](repeating: .nan, count: 3)
    getloadavg(&averages, 3)
    return Figure(
      context: "load average of the last minute before the start", rounds: [averages[0]])
  }

  private static func write(_ report: Report, to path: String) throws {
    let file = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try report.json().write(to: file, options: .atomic)
  }
}
