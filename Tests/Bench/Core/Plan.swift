// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How much is measured.
struct Plan: Sendable, Equatable {
  /// Alternating rounds of each figure.
  var rounds: Int
  /// Length of one measurement, in whole seconds as `pgbench` takes them.
  var seconds: Int
  /// Length of what comes before the first round and is thrown away.
  var warmUpSeconds: Int
  /// Recordings of the larger tenant that is listed.
  var listedRecordings: Int
  /// Events of the recording that is long.
  var longRecording: Int

  /// Every figure as it is promised.
  static let full = Plan(
    rounds: 5, seconds: 5, warmUpSeconds: 3, listedRecordings: 1_000_000, longRecording: 100_000)

  /// So that the bench cannot rot: the same things, less of them.
  static let short = Plan(
    rounds: 3, seconds: 1, warmUpSeconds: 1, listedRecordings: 50_000, longRecording: 20_000)
}
