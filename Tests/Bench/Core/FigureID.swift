// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The figures that are judged.
enum FigureID: String, Sendable, CaseIterable {
  case single64, single8, single1, resident
  case batch100, batch1000
  case growth, listing, replay, streaming
  case goodputTenfold, goodputRefused, improperRefusals, refusalDelay, overloadMemory
  case fairness
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
    case .fairness: "goodput of the quiet tenant beside a noisy one ÷ half of that alone"
    }
  }

  /// What is promised, and the factor by which `Bounds.generous` lets a short run miss it.
  ///
  /// The factors are what two cores that are shared with a compiler were seen to need. They still
  /// notice what a change can break: an append that waits for a flush of its own, a query that reads
  /// a whole table, a recording that is held in memory.
  var promise: (reach: Reach, slack: Double) {
    switch self {
    case .single64: (.atLeast(1.0), 4)
    case .single8: (.atLeast(0.5), 4)
    case .single1: (.atLeast(0.4), 4)
    case .resident: (.atMost(150), 2)
    case .batch100: (.atLeast(3), 4)
    case .batch1000: (.atLeast(0.3), 4)
    case .growth: (.atMost(1.1), 2)
    case .listing: (.atMost(2), 4)
    case .replay: (.atMost(4), 4)
    case .streaming: (.atMost(32), 2)
    case .goodputTenfold: (.atLeast(0.9), 2)
    case .goodputRefused: (.atLeast(0.9), 3)
    case .improperRefusals: (.atMost(0), 1)
    case .refusalDelay: (.atMost(300), 4)
    case .overloadMemory: (.atMost(256), 1)
    case .fairness: (.atLeast(0.8), 3)
    }
  }

  /// The bound in force.
  func reach(_ bounds: Bounds) -> Reach {
    bounds == .stated ? promise.reach : promise.reach.loosened(by: promise.slack)
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
