// Hansard
// SPDX-License-Identifier: Apache-2.0

extension RecordingSession {
  /// Sends the batch until each of its events is settled, or the task is cancelled.
  ///
  /// The first `size` events go together. A refusal that names events settles those; one that names
  /// none halves the size, until a single event stands alone with it. After a success the rest goes
  /// together again. What something else than the service answers settles nothing.
  func sendBatch() async {
    var size = batch.count
    var failures = 0
    var key = Call.newKey()
    while !batch.isEmpty, !Task.isCancelled {
      size = min(max(size, 1), batch.count)
      do throws(HansardClientError) {
        settle(
          receipts: try await client.record(Array(batch.prefix(size)), in: recordingID, key: key))
        (size, failures, key) = (batch.count, 0, Call.newKey())
      } catch {
        note(trouble: error)
        if Task.isCancelled { return }
        if error.isTriedLater, !(error.isTooLarge && size > 1) {
          // The same batch under the same name.
          failures += 1
          await rest(
            for: RetryPolicy.pause(afterFailure: failures, error, longest: options.longestPause))
        } else {
          size = refuse(size, error)
          (failures, key) = (0, Call.newKey())
        }
      }
    }
  }

  /// Settles what a refusal of the first `size` events is about; returns how many to send next.
  private func refuse(_ size: Int, _ error: HansardClientError) -> Int {
    if error.isAboutRecording {
      for _ in batch.indices.prefix(size) { settle(failure: error, at: 0) }
      return batch.count
    }
    let places = error.places(below: size)
    if !places.isEmpty {
      // Each one that leaves moves those behind it one place forward.
      for (gone, index) in places.keys.sorted().enumerated() {
        settle(failure: places[index] ?? error, at: index - gone)
      }
      return size - places.count
    }
    guard size > 1 else {
      settle(failure: error, at: 0)
      return batch.count
    }
    return size / 2
  }
}

extension HansardClientError {
  /// Whether the refusal is one of the recording or the caller, whatever the events are.
  var isAboutRecording: Bool {
    guard case .problem(let problem) = self else { return false }
    return [401, 403, 404, 405, 409, 410].contains(problem.status)
  }

  /// For each event that `errors` name by `/index/…`, the problem with what is about it alone.
  func places(below size: Int) -> [Int: HansardClientError] {
    guard case .problem(let problem) = self, problem.status == 422 else { return [:] }
    var places: [Int: [Problem.Place]] = [:]
    for place in problem.errors {
      let segment = place.pointer.utf8.dropFirst().prefix { $0 != UInt8(ascii: "/") }
      guard place.pointer.hasPrefix("/"), let index = Int(String(decoding: segment, as: UTF8.self)),
        (0..<size).contains(index)
      else { continue }
      places[index, default: []].append(place)
    }
    return places.mapValues { errors in
      var own = problem
      own.errors = errors
      return .problem(own)
    }
  }
}
