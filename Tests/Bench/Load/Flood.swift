// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Load of our own: each connection sends an event as soon as the answer to the last one is there,
/// also when that was a refusal. `wrk` cannot tell latencies of one status from those of another.
struct Flood: Sendable {
  /// Connections with one key.
  struct Party: Sendable {
    var key: String
    var connections: Int
    /// Where the events go, in turn.
    var recordings: [String]
  }

  var port: Int
  var parties: [Party]
  /// How long is counted.
  var seconds: Int

  /// How long answers are not counted at the start, until the load is what it will be.
  private static let ramp: Duration = .seconds(1)

  /// Runs on a thread of its own; one outcome per party. Cancelling does not shorten it.
  func run() async throws -> [FloodOutcome] {
    try Task.checkCancellation()
    return try await blocking { Result { try flood() } }.get()
  }

  private func flood() throws -> [FloodOutcome] {
    let loop = try EpollLoop()
    var outcomes = parties.map { _ in FloodOutcome(seconds: Double(seconds)) }
    var connections: [FloodConnection] = []
    for (index, party) in parties.enumerated() {
      let requests = FloodRequests(key: party.key, recordings: party.recordings)
      for number in 0..<party.connections {
        connections.append(
          try FloodConnection(port: port, party: index, requests: requests.starting(at: number)))
      }
    }
    for (index, connection) in connections.enumerated() {
      try loop.add(connection.descriptor, index)
      try connection.sendNext()
    }
    let start = ContinuousClock.now + Self.ramp
    let end = start + .seconds(seconds)
    let (begun, spent) = (ContinuousClock.now, Self.processorSeconds)
    while ContinuousClock.now < end {
      for index in try loop.wait() {
        let connection = connections[index]
        let event = try connection.advance(loop, index)
        guard let event, ContinuousClock.now >= start else { continue }
        switch event {
        case .answered(let answer, let milliseconds):
          outcomes[connection.party].count(answer, after: milliseconds)
        case .broken(let reason): outcomes[connection.party].countImproper(reason)
        }
      }
    }
    let elapsed = (ContinuousClock.now - begun) / .seconds(1)
    for index in outcomes.indices {
      outcomes[index].generatorLoad = (Self.processorSeconds - spent) / elapsed
    }
    return outcomes
  }

  /// What the calling thread has used.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// The requests of one connection: the same event with another number, to recordings in turn.
struct FloodRequests: Sendable {
  private let key: String
  private let recordings: [String]
  private var position = 0

  init(key: String, recordings: [String]) {
    self.key = key
    self.recordings = recordings
  }

  /// The same for the connection of this number: connections begin at different recordings.
  func starting(at number: Int) -> FloodRequests {
    var copy = self
    copy.position = number * 7
    return copy
  }

  /// The bytes of the next request.
  mutating func next() -> [UInt8] {
    position += 1
    let path = "/api/canvas/recording/\(recordings[position % recordings.count])/event"
    return Array(HTTPRequest("POST", path, key: key, body: EventText.event(position)).text.utf8)
  }
}
