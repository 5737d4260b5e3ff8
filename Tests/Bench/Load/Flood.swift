// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Load of our own: each connection sends its next request when the answer to the last one is there.
/// `wrk` cannot tell latencies of one status from those of another.
struct Flood: Sendable {
  /// Connections with one key.
  struct Party: Sendable {
    var key: String
    var connections: Int
    /// Where the events go, in turn.
    var recordings: [String]
    /// Events of each request.
    var events = 1
    var manner = Manner.impatient
  }

  /// What a connection does when it was refused.
  enum Manner: Sendable, Equatable {
    /// Asks again at once.
    case impatient
    /// Waits as `Retry-After` says, but never longer.
    case obedient(atMost: Duration)

    /// How long to wait after an answer; nil: not at all.
    func pause(after answer: AnswerReader.Answer) -> Duration? {
      guard case .obedient(let longest) = self, answer.status == 503 else { return nil }
      return answer.retryAfter.map { min(.seconds($0), longest) }
    }
  }

  var port: Int
  var parties: [Party]
  /// How long is counted.
  var seconds: Int
  /// How long answers are not counted at the start, until the load is what it will be.
  var ramp: Duration = .milliseconds(500)

  /// Runs on a thread of its own; one outcome per party. Cancelling does not shorten it.
  func run() async throws -> [FloodOutcome] {
    try Task.checkCancellation()
    return try await blocking { Result { try flood() } }.get()
  }

  private func flood() throws -> [FloodOutcome] {
    let loop = try EpollLoop()
    let connections = try connect()
    for (index, connection) in connections.enumerated() {
      try loop.add(connection.descriptor, index)
      try connection.sendNext()
    }
    var outcomes = parties.map { _ in FloodOutcome(seconds: Double(seconds)) }
    var pauses = Pauses()
    let (begun, spent) = (ContinuousClock.now, Self.processorSeconds)
    let start = begun + ramp
    let end = start + .seconds(seconds)
    while ContinuousClock.now < end {
      for index in try loop.wait(until: min(end, pauses.next ?? end)) {
        let connection = connections[index]
        guard let step = try connection.advance(loop, index) else { continue }
        let now = ContinuousClock.now
        if let pause = step.pause { pauses.add(index, until: now + pause) }
        if now >= start { outcomes[connection.party].count(step.event) }
      }
      for index in pauses.takeOver(at: .now) { try connections[index].sendNext() }
    }
    let elapsed = (ContinuousClock.now - begun) / .seconds(1)
    for index in outcomes.indices {
      outcomes[index].generatorLoad = (Self.processorSeconds - spent) / elapsed
    }
    return outcomes
  }

  private func connect() throws -> [FloodConnection] {
    try parties.enumerated().flatMap { index, party in
      let requests = FloodRequests(
        key: party.key, recordings: party.recordings, events: party.events)
      return try (0..<party.connections).map {
        try FloodConnection(
          port: port, party: index, manner: party.manner, requests: requests.starting(at: $0))
      }
    }
  }

  /// What the calling thread has used.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
