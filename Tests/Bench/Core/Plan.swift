// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How much is measured.
struct Plan: Sendable, Equatable {
  /// Alternating rounds of figures that are made of latencies or memory.
  var rounds: Int
  /// Length of one measurement, in whole seconds as `pgbench` takes them.
  var seconds: Int
  /// Alternating rounds of figures that are made of rates, where one bad round tells less.
  var rateRounds: Int
  /// Length of what comes before the first round and is thrown away; 0: nothing does, and the median
  /// has to bear a first round that is slower.
  var warmUpSeconds: Int
  /// Recordings of the larger tenant that is listed.
  var listedRecordings: Int
  /// Events of the recording that is long.
  var longRecording: Int

  /// Numbers of connections that overload is compared with.
  var ordinaryLoads: [Int]
  /// Connections that obey `Retry-After`: more than the service works on at once.
  var clients: Int
  /// Connections that ask again at once, for context; nil: that is left out.
  var crowd: Int?
  /// Listeners to a tenant's notices.
  var listeners: Int
  /// Notices per second.
  var noticeRate: Int
  /// How long they are told, in seconds.
  var noticeSeconds: Int

  /// The same with the rounds of rates.
  var ofRates: Plan {
    var plan = self
    plan.rounds = rateRounds
    return plan
  }

  /// Every figure as it is promised.
  static let full = Plan(
    rounds: 5, seconds: 5, rateRounds: 5, warmUpSeconds: 3, listedRecordings: 1_000_000,
    longRecording: 100_000, ordinaryLoads: [64, 256], clients: 2000, crowd: 4000,
    listeners: 2000, noticeRate: 200, noticeSeconds: 20)

  /// So that the bench cannot rot: the same things, less of them.
  static let short = Plan(
    rounds: 3, seconds: 1, rateRounds: 2, warmUpSeconds: 0, listedRecordings: 50_000,
    longRecording: 20_000, ordinaryLoads: [64], clients: 2000, crowd: nil,
    listeners: 500, noticeRate: 100, noticeSeconds: 12)
}
