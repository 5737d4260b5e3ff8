// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs `wrk` with `scripts/bench.d/load.lua`.
struct Wrk: Sendable {
  let program: String
  let script: String

  /// Finds `wrk`, and the script in the checkout that is the working directory.
  static func find() throws -> Wrk {
    let script = "\(FileManager.default.currentDirectoryPath)/scripts/bench.d/load.lua"
    guard access(script, R_OK) == 0 else {
      throw BenchError("\(script) is missing: run this in the checkout")
    }
    return Wrk(program: try Tool.find("wrk"), script: script)
  }

  /// What is asked for, again and again.
  enum Load: Sendable {
    case get(path: String)
    /// Posts to the recordings of a file in turn, one id a line; the body is a file, where
    /// `EventText.counter` becomes a number that is new each time.
    case append(suffix: String, recordings: String, body: String, delayMilliseconds: Int)
  }

  /// Loads a port for some seconds. Throws unless everything was answered well.
  func run(
    _ load: Load, port: Int, key: String?, connections: Int, seconds: Int
  ) async throws -> WrkReport {
    var path = "/"
    var arguments: [String] = []
    switch load {
    case .get(let asked): path = asked
    case .append(let suffix, let recordings, let body, let delay):
      arguments = [suffix, recordings, body, EventText.counter, String(delay)]
    }
    let headers = key.map { ["-H", "Authorization: Bearer \($0)"] } ?? []
    let output = try await Tool.run(
      [
        program, "-c", String(connections), "-t", String(min(2, connections)), "-d", "\(seconds)s",
        "--timeout", "10s", "-s", script,
      ] + headers + ["http://127.0.0.1:\(port)\(path)", "--"] + arguments,
      within: .seconds(seconds + 30))
    let report = try WrkReport(parsing: output)
    try report.requireSuccess()
    return report
  }
}
