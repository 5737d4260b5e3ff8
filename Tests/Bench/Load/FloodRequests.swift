// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The requests of one connection, to recordings in turn: the same event with another number, or the
/// same batch.
struct FloodRequests: Sendable {
  private let key: String
  private let recordings: [String]
  /// Bytes of the batch; nil for single events.
  private let batch: [UInt8]?
  private var position = 0

  /// - Parameter events: in each request; above 1 the body is made once, here.
  init(key: String, recordings: [String], events: Int) {
    self.key = key
    self.recordings = recordings
    batch = events > 1 ? Array(EventText.batch(events).utf8) : nil
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
    let path = "/api/canvas/recording/\(recordings[position % recordings.count])"
    guard let batch else {
      let body = EventText.event(position)
      return Array(HTTPRequest("POST", "\(path)/event", key: key, body: body).text.utf8)
    }
    return HTTPRequest.head("POST", "\(path)/events", key: key, bodyCount: batch.count).utf8
      + batch
  }
}
