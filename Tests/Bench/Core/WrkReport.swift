// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What one run of `wrk` measured, as `scripts/bench.d/load.lua` prints it at its end.
struct WrkReport: Sendable, Equatable, Decodable {
  /// Answers received, of every status.
  let requests: Int
  /// How long it took.
  let microseconds: Double
  /// Latencies in microseconds.
  let p50: Double
  let p95: Double
  let p99: Double
  /// Answers with a status of 400 or above.
  let refused: Int
  /// Connections that failed: connect, read, write and time-out together.
  let broken: Int

  /// Starts the line that the script prints.
  static let mark = "bench "

  /// Finds the script's line in everything that `wrk` printed.
  init(parsing output: String) throws {
    let line = output.split(separator: "\n").last { $0.hasPrefix(Self.mark) }
    guard let line else { throw BenchError("wrk printed no report:\n\(output)") }
    do {
      self = try JSONDecoder().decode(
        WrkReport.self, from: Data(line.dropFirst(Self.mark.count).utf8))
    } catch {
      throw BenchError("wrk's report cannot be read: \(line)")
    }
  }

  /// Answers per second.
  var rate: Double { Statistics.ratio(Double(requests) * 1e6, microseconds) }

  /// Throws unless everything was answered well: a round with a refusal in it measures something
  /// else.
  func requireSuccess() throws {
    guard refused == 0, broken == 0, requests > 0 else {
      throw BenchError(
        "a round failed: \(requests) answers, \(refused) of them 400 or above, \(broken) errors")
    }
  }
}

/// Why a run cannot go on.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
