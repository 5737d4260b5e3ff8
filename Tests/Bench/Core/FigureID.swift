// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The figures that are judged.
enum FigureID: String, Sendable, CaseIterable {
  case single64, single8, single1, resident
  case batch100, batch1000
  case growth, listing, replay, streaming
  case goodputTenfold, goodputRefused, improperRefusals, refusalDelay, overloadMemory
  case fairness
  case noticeDelay, noticesLost, listenerMemory, sleeperMemory, sleeperStay
  case redactionSpeed, redactionGrowth
}

extension FigureID {
  /// Its name in the table and in `bench.json`; a plan with less data says so here.
  func name(_ plan: Plan) -> String {
    switch self {
    case .single64: "single-event POSTs/s at 64 connections over 1000 open recordings ÷ P64"
    case .single8: "single-event POSTs/s at 8 connections over 1000 open recordings ÷ P8"
    case .single1: "single-event POSTs/s at 1 connection over 1000 open recordings ÷ P1"
    case .resident: "resident memory after the 64-connection run, MB"
    case .batch100: "events/s by batches of 100 at 8 connections ÷ P64"
    case .batch1000: "events/s by batches of 1000 at 8 connections ÷ PB rows/s"
    case .growth:
      "per-event time with \(Self.grouped(plan.longRecording)) events in the recording ÷ with none"
    case .listing: "list of 50 at \(Self.grouped(plan.listedRecordings)) recordings ÷ at 1,000, p95"
    case .replay: "replay of 100 events p95 ÷ GET /livez p95"
    case .streaming:
      "added memory while streaming a recording of \(Self.grouped(plan.longRecording)) events, MB"
    case .goodputTenfold: "goodput at 640 connections ÷ best"
    case .goodputRefused: "goodput of \(plan.clients) clients that obey Retry-After ÷ best"
    case .improperRefusals: "answers under overload, neither 2xx nor 503 with Retry-After"
    case .refusalDelay: "p99 of the refusals of \(plan.clients) clients that obey, ms"
    case .overloadMemory: "memory added by overload, MB"
    case .redactionSpeed: "redaction of agents' JSON on one core, MB/s"
    case .redactionGrowth: "time of redaction for 1 MiB ÷ for 512 KiB, worst of the hostile texts"
    case .noticeDelay:
      "p99 of \(plan.noticeRate) notices/s to \(Self.grouped(plan.listeners)) listeners, ms"
    case .noticesLost: "listeners that read and were closed, notices that they were not told"
    case .listenerMemory: "memory added by each of \(Self.grouped(plan.listeners)) listeners, KiB"
    case .sleeperMemory: "memory added by notices while 1 % of the listeners never read, MB"
    case .sleeperStay: "seconds from the first notice until those who never read were closed"
    case .fairness: "goodput of the quiet tenant beside a noisy one ÷ half of that alone"
    }
  }

  /// What is promised, and the bound that `Bounds.generous` puts in its place.
  ///
  /// The generous ones were set by short runs on two cores that a compiler kept busy (load averages
  /// from 4 to 7), with room beside the worst that was seen, whether that kept the promise or not: as
  /// the service gets faster they are to follow. At 1 and 8 connections the worst was a disk that
  /// suddenly flushed in no time, which the yardstick gains most by; of replays, a scheduler that
  /// lets `GET /livez` pass and a replay wait. A service of a tenth of the throughput, or one that
  /// answers each request 400 ms late, misses several of them; much less than that they do not notice.
  var promise: (reach: Reach, generous: Double) {
    switch self {
    case .single64: (.atLeast(1.0), 0.04)
    case .single8: (.atLeast(0.5), 0.02)
    case .single1: (.atLeast(0.4), 0.015)
    case .resident: (.atMost(150), 200)
    case .batch100: (.atLeast(3), 0.2)
    case .batch1000: (.atLeast(0.3), 0.025)
    case .growth: (.atMost(1.1), 3.3)
    case .listing: (.atMost(2), 8)
    case .replay: (.atMost(4), 250)
    case .streaming: (.atMost(32), 32)
    case .goodputTenfold: (.atLeast(0.9), 0.25)
    case .goodputRefused: (.atLeast(0.9), 0.25)
    case .improperRefusals: (.atMost(0), 0)
    case .refusalDelay: (.atMost(300), 2500)
    case .overloadMemory: (.atMost(256), 256)
    case .redactionSpeed: (.atLeast(100), 15)
    case .redactionGrowth: (.atMost(2.3), 3.6)
    case .fairness: (.atLeast(0.8), 0.05)
    case .noticeDelay: (.atMost(250), 2500)
    case .noticesLost: (.atMost(0), 0)
    case .listenerMemory: (.atMost(24), 32)
    case .sleeperMemory: (.atMost(67), 67)
    case .sleeperStay: (.atMost(10), 20)
    }
  }

  /// The bound in force.
  func reach(_ bounds: Bounds) -> Reach {
    bounds == .stated ? promise.reach : promise.reach.moved(to: promise.generous)
  }

  /// A count with commas between thousands.
  private static func grouped(_ count: Int) -> String {
    var groups: [String] = []
    var rest = String(count)
    while rest.count > 3 {
      groups.insert(String(rest.suffix(3)), at: 0)
      rest.removeLast(3)
    }
    return ([rest] + groups).joined(separator: ",")
  }
}
