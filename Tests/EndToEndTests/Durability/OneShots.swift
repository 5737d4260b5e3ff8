// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Synchronization
import TestSupport

/// Events without an id of the client's, each sent once: a service that sends a group again after
/// its connection broke must not store them twice.
final class OneShots: Sendable {
  /// What is known of them, by their data.
  struct Knowledge: Sendable {
    var sent: Set<String> = []
    var receipts: [String: (id: String, receipt: Journal.Receipt)] = [:]
  }

  private let state = Mutex(Knowledge())

  /// Sends one event after the other, none of them twice, until `isOver`.
  func write(
    to recording: String, by writer: Int, _ client: Client, until isOver: @Sendable () -> Bool
  ) async throws {
    var number = 0
    while !isOver() {
      // A pause where the service is away, as a poll has it.
      try await eventually("an acknowledgement") {
        number += 1
        return await attempt(#"{"writer":\#(writer),"number":\#(number)}"#, recording, client)
          || isOver()
      }
    }
  }

  private func attempt(_ data: String, _ recording: String, _ client: Client) async -> Bool {
    state.withLock { _ = $0.sent.insert(data) }
    let body = #"{"event_type":"one_shot","event_data":\#(data)}"#
    do {
      let path = Paths.recording(recording, "event")
      let answer = try await client.send(.post, path, json: body)
      guard answer.status == 201 else { return false }
      let receipt = (id: try answer.text("event_id"), receipt: try Journal.Receipt(answer.json))
      state.withLock { $0.receipts[data] = receipt }
      return true
    } catch {
      // No answer: it is there once or not at all.
      return false
    }
  }

  var acknowledgedCount: Int { state.withLock { $0.receipts.count } }

  /// What is wrong with the events of all recordings that one-shots went to.
  func faults(in stored: [Testimony.Stored]) -> [String] {
    state.withLock { $0 }.faults(in: stored)
  }
}

extension OneShots.Knowledge {
  /// What does not fit; `stored` are the events of all recordings in the order given back.
  func faults(in stored: [Testimony.Stored]) -> [String] {
    let byData = Dictionary(grouping: stored) { String(decoding: $0.data, as: UTF8.self) }
    var faults = byData.filter { $0.value.count > 1 }.map { "twice: \($0.key)" }
    faults += byData.keys.filter { !sent.contains($0) }.map { "invented: \($0)" }
    for (data, (id, receipt)) in receipts {
      guard let event = byData[data]?.first else {
        faults.append("lost: \(data)")
        continue
      }
      let found = Journal.Receipt(
        seq: event.seq, recordedAt: event.recordedAt, leafHash: event.leafHash)
      if event.id != id || found != receipt { faults.append("another receipt: \(data)") }
    }
    for (recording, events) in Dictionary(grouping: stored, by: \.recording)
    where events.map(\.seq) != (1...Int64(events.count)).map(\.self) {
      faults.append("gap in \(recording)")
    }
    return faults
  }
}
