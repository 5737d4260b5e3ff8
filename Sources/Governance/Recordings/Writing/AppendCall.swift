// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// One call of `hansard.append_events`: the requests of one tenant in the lists that it takes.
struct AppendCall {
  /// A recording and what it gets, if everything can be stored.
  struct Target {
    let id: RecordingID
    var events: Int32 = 0
    var errors: Int32 = 0
    var completions: Int32 = 0
  }

  /// Different ones, in the order in which the database locks them.
  private(set) var recordings: [Target]
  /// Different ones.
  let keys: [KeyID]
  /// For each request the index of its recording; these and all other indices count from 1.
  private(set) var requestRecordings: [Int32] = []
  private(set) var events: [SealedEvent] = []
  private(set) var eventRequests: [Int32] = []
  private(set) var eventRecordings: [Int32] = []
  /// For each event its place among this call's events of its recording.
  private(set) var eventPlaces: [Int32] = []

  init(_ requests: [AppendRequest]) {
    recordings = Set(requests.map(\.recording)).sorted { $0.precedes($1) }.map { Target(id: $0) }
    keys = Array(Set(requests.compactMap(\.key)))
    let index = Dictionary(
      recordings.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let count = requests.reduce(0) { $0 + $1.events.count }
    events.reserveCapacity(count)
    eventRequests.reserveCapacity(count)
    eventRecordings.reserveCapacity(count)
    eventPlaces.reserveCapacity(count)
    for (number, request) in requests.enumerated() {
      guard let recording = index[request.recording] else { continue }
      requestRecordings.append(Int32(clamping: recording + 1))
      for event in request.events { add(event, request: number, recording: recording) }
    }
  }

  private mutating func add(_ event: SealedEvent, request: Int, recording: Int) {
    recordings[recording].events += 1
    recordings[recording].errors += event.type == EventType.errorWord ? 1 : 0
    recordings[recording].completions += event.type == EventType.completionWord ? 1 : 0
    events.append(event)
    eventRequests.append(Int32(clamping: request + 1))
    eventRecordings.append(Int32(clamping: recording + 1))
    eventPlaces.append(recordings[recording].events)
  }
}

extension RecordingID {
  /// The order of PostgreSQL's `uuid`: byte by byte.
  fileprivate func precedes(_ other: RecordingID) -> Bool {
    withUnsafeBytes(of: uuid.uuid) { mine in
      withUnsafeBytes(of: other.uuid.uuid) { theirs in mine.lexicographicallyPrecedes(theirs) }
    }
  }
}
