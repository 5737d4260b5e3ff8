// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Whether two things take the same time, as far as somebody can tell who measures both again and again.
package struct TimingComparison: Sendable, CustomStringConvertible {
  /// Median times.
  package let medians: (Duration, Duration)
  package let test: MannWhitney
  private let count: Int

  /// How many times of each are compared: `TIMING_SAMPLES`.
  package static let samples: Int = max(
    100, ProcessInfo.processInfo.environment["TIMING_SAMPLES"].flatMap { Int($0) } ?? 300)

  /// A difference would be taken for real below this.
  package static let threshold = 0.01

  /// Whether no difference was found.
  package var isAlike: Bool { test.p > Self.threshold }

  /// Measures `samples` times of each after a few that do not count. Both take turns, in pairs whose order is
  /// thrown each time, so that what else the machine does meets both alike.
  ///
  /// - Parameters:
  ///   - one: Called with a number that counts up, to take another example each time.
  package static func measure(
    count: Int = samples, _ one: (Int) async throws -> Void, _ other: (Int) async throws -> Void
  ) async throws -> TimingComparison {
    let clock = ContinuousClock()
    var times: ([Duration], [Duration]) = ([], [])
    for number in 0..<count + warmUp {
      let counts = number >= warmUp
      let startsWithOne = Bool.random()
      for isFirst in [true, false] {
        if isFirst == startsWithOne {
          let time = try await clock.measure { try await one(number) }
          if counts { times.0.append(time) }
        } else {
          let time = try await clock.measure { try await other(number) }
          if counts { times.1.append(time) }
        }
      }
    }
    return TimingComparison(times.0, times.1)
  }

  /// Measures until no difference is found, at most three times, with fresh samples each time.
  ///
  /// Where there is none, one measurement in a hundred finds one by chance, three in a row one in a million;
  /// a real one is found each time. The last measurement is the verdict.
  package static func repeatedly(
    _ measure: () async throws -> TimingComparison
  ) async throws -> [TimingComparison] {
    var all = [try await measure()]
    while all.count < 3, all.last?.isAlike == false { all.append(try await measure()) }
    return all
  }

  package var description: String {
    let (one, other) = (medians.0 / .microseconds(1), medians.1 / .microseconds(1))
    return String(format: "n = %d, medians %.1f and %.1f µs, p = %.3g", count, one, other, test.p)
  }

  private static let warmUp = 20

  init(_ one: [Duration], _ other: [Duration]) {
    count = one.count
    medians = (Self.median(one), Self.median(other))
    test = MannWhitney(one.map { $0 / .nanoseconds(1) }, other.map { $0 / .nanoseconds(1) })
  }

  private static func median(_ times: [Duration]) -> Duration {
    times.isEmpty ? .zero : times.sorted()[times.count / 2]
  }
}
