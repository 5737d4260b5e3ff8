// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Outage {
  /// The requests that began and ended while PostgreSQL was away.
  var during: [Sample] {
    load.filter { $0.sent > gone && $0.sent + $0.took < returning }
  }

  /// Times of the refusals.
  var refusals: Latencies {
    var times = Latencies()
    for sample in during { times.add(sample.took) }
    return times
  }

  var livenessTimes: Latencies {
    var times = Latencies()
    for sample in liveness { times.add(sample.took) }
    return times
  }

  /// From the end of PostgreSQL to the first `/readyz` that says so; negative where one was sooner.
  var notReadyAfter: Duration {
    readiness.first { $0.status == 503 && $0.sent + $0.took > gone }
      .map { $0.sent + $0.took - gone } ?? .seconds(3600)
  }

  /// From PostgreSQL's return to the first `/readyz` that says so.
  var readyAfter: Duration {
    readiness.first { $0.status == 200 && $0.sent + $0.took > back }
      .map { $0.sent + $0.took - back } ?? .seconds(3600)
  }

  /// From PostgreSQL's return to the first request that was answered with success.
  var firstSuccessAfter: Duration {
    load.filter { (200...201).contains($0.status) && $0.sent + $0.took > back }
      .map { $0.sent + $0.took - back }.min() ?? .seconds(3600)
  }

  var summary: String {
    let refusals = refusals
    let codes = Dictionary(grouping: during, by: { "\($0.status) \($0.code)" })
      .map { "\($0.value.count) × \($0.key)" }.sorted().joined(separator: ", ")
    return """
      \(codes); refused within p50 \(refusals.percentile(0.5).milliseconds) ms, \
      p99 \(refusals.percentile(0.99).milliseconds) ms, max \(refusals.maximum.milliseconds) ms; \
      /livez p95 \(livenessTimes.percentile(0.95).milliseconds) ms, \
      max \(livenessTimes.maximum.milliseconds) ms; \
      not ready after \(notReadyAfter.milliseconds) ms; back: first success after \
      \(firstSuccessAfter.milliseconds) ms, ready after \(readyAfter.milliseconds) ms; \
      \(journal.summary)
      """
  }
}
