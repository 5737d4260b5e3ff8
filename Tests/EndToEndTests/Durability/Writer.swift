// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// A client that appends to one recording, one request after the other, single events and batches,
/// and keeps the journal.
struct Writer: Sendable {
  let number: Int
  let recording: String
  let client: Client
  let journal: Journal
  /// Events per second that are offered, whatever is answered; nil: as fast as answers come.
  var rate: Double?
  /// Told how long each request took from its first attempt to its acknowledgement.
  var waited: @Sendable (Duration) -> Void = { _ in }

  /// Writes until `isOver`, and sends each request again until it is acknowledged.
  func write(until isOver: @Sendable () -> Bool) async throws {
    var generator = SeededGenerator(seed: Effort.seed &+ UInt64(number) &* 7919)
    let start = ContinuousClock.now
    var count = 0
    while !isOver() {
      let events = next(&generator, after: count)
      if let rate { try await Task.sleep(until: start + .seconds(Double(count) / rate)) }
      count += events.count
      journal.sending(events)
      let began = ContinuousClock.now
      try await eventually("an acknowledgement for writer \(number)") {
        await attempt(events)
      }
      waited(ContinuousClock.now - began)
    }
  }

  /// Writes until a request is not acknowledged: for a service that is being stopped.
  func writeUntilRefused() async {
    var generator = SeededGenerator(seed: Effort.seed &+ UInt64(number) &* 7919)
    var count = 0
    while true {
      let events = next(&generator, after: count)
      count += events.count
      journal.sending(events)
      guard await attempt(events) else { return }
    }
  }

  /// Sends a request once; true when it needs no repetition.
  private func attempt(_ events: [Journal.Sent]) async -> Bool {
    let answer: Answer
    do {
      answer = try await send(events)
    } catch {
      journal.unanswered()
      return false
    }
    switch answer.status {
    case 200, 201: return acknowledge(events, answer)
    case 503:
      journal.refused(answer.code ?? "503 without a code")
      if answer.headers["retry-after"].isEmpty { journal.surprised("503 without Retry-After") }
      return false
    default:
      journal.surprised("\(answer.status) \(answer.text)")
      return true
    }
  }

  private func send(_ events: [Journal.Sent]) async throws -> Answer {
    let bodies = events.map { event in
      let head = #"{"event_id":"\#(event.id)","event_type":"\#(event.type)","event_data":"#
      return Array(head.utf8) + event.data + Array("}".utf8)
    }
    if bodies.count == 1 {
      return try await client.send(.post, Paths.recording(recording, "event"), bodies[0])
    }
    let batch = Array("[".utf8) + bodies.joined(separator: Array(",".utf8)) + Array("]".utf8)
    return try await client.send(.post, Paths.recording(recording, "events"), batch)
  }

  private func acknowledge(_ events: [Journal.Sent], _ answer: Answer) -> Bool {
    do {
      let root = try answer.json
      let receipts = root.kind == .array ? Array(root.elements) : [root]
      let pairs = try receipts.map { try ($0["event_id"]?.text() ?? "", Journal.Receipt($0)) }
      guard pairs.map(\.0) == events.map(\.id) else {
        journal.surprised("receipts for other events: \(answer.text.prefix(300))")
        return true
      }
      journal.acknowledged(pairs.map { (id: $0.0, receipt: $0.1) })
    } catch {
      journal.surprised("unreadable receipts: \(error) \(answer.text.prefix(300))")
    }
    return true
  }

  /// The events of one request: half of them single, half batches of up to 20.
  private func next(_ generator: inout SeededGenerator, after count: Int) -> [Journal.Sent] {
    let size = generator.int(0..<2) == 0 ? 1 : generator.int(2..<21)
    return (1...size).map { index in
      let number = count + index
      // Sizes from a few bytes to a few kilobytes, so that WAL pages fill at odd places.
      let filling = String(repeating: "x", count: 1 << generator.int(2..<12))
      let data = #"{ "writer":\#(self.number), "number":\#(number), "filling":"\#(filling)"}"#
      return Journal.Sent(
        recording: recording, writer: self.number, number: number, id: generator.uuid(),
        type: index % 7 == 0 ? "error" : "agent_step", data: Array(data.utf8))
    }
  }
}

extension Journal.Receipt {
  /// Reads a receipt, or an event with the same members.
  init(_ value: JSONValue) throws {
    guard let seq = value["seq"]?.integer(), let recordedAt = try value["recorded_at"]?.text(),
      let leafHash = try value["leaf_hash"]?.text()
    else { throw TestSupportError("not a receipt: \(value.raw.prefix(300))") }
    self.init(seq: seq, recordedAt: recordedAt, leafHash: leafHash)
  }
}

extension Testimony.Stored {
  /// Reads an event from an answer.
  init(_ value: JSONValue, of recording: String) throws {
    let receipt = try Journal.Receipt(value)
    guard let id = try value["event_id"]?.text(), let type = try value["event_type"]?.text(),
      let data = value["data"]
    else { throw TestSupportError("not an event: \(value.raw.prefix(300))") }
    self.init(
      recording: recording, seq: receipt.seq, id: id, type: type, data: Array(data.rawBytes),
      recordedAt: receipt.recordedAt, leafHash: receipt.leafHash)
  }
}
