// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What clients know of their own events: what they sent, and what they were promised. Kept outside
/// of the service, so that it can testify against it.
final class Journal: Sendable {
  /// An event as a writer sent it.
  struct Sent: Sendable, Equatable {
    var recording: String
    var writer: Int
    /// Counts the writer's events, from 1.
    var number: Int
    var id: String
    var type: String
    /// The bytes of `event_data`.
    var data: [UInt8]
  }

  /// What the service answered for one event.
  struct Receipt: Sendable, Equatable {
    var seq: Int64
    var recordedAt: String
    var leafHash: String
  }

  private struct State {
    var sent: [String: Sent] = [:]
    var receipts: [String: Receipt] = [:]
    var unanswered = 0
    var refusals: [String: Int] = [:]
    var surprises: [String] = []
  }

  private let state = Mutex(State())

  /// Notes events before the first byte of them is sent.
  func sending(_ events: [Sent]) {
    state.withLock { state in
      for event in events { state.sent[event.id] = event }
    }
  }

  /// Notes the receipts of a request.
  func acknowledged(_ receipts: [(id: String, receipt: Receipt)]) {
    state.withLock { state in
      for (id, receipt) in receipts {
        if let first = state.receipts[id], first != receipt {
          state.surprises.append("two receipts for \(id): \(first), \(receipt)")
        }
        state.receipts[id] = receipt
      }
    }
  }

  /// Notes a request that was not answered: whether it happened is open.
  func unanswered() {
    state.withLock { $0.unanswered += 1 }
  }

  /// Notes a 503.
  func refused(_ code: String) {
    state.withLock { $0.refusals[code, default: 0] += 1 }
  }

  /// Notes an answer that no client should ever see here.
  func surprised(_ what: String) {
    state.withLock { $0.surprises.append(what) }
  }

  /// The event of that id, as it was sent.
  func original(of id: String) -> Sent? { state.withLock { $0.sent[id] } }

  var acknowledgedCount: Int { state.withLock { $0.receipts.count } }
  var sent: [String: Sent] { state.withLock { $0.sent } }
  var receipts: [String: Receipt] { state.withLock { $0.receipts } }
  /// Refused requests by code.
  var refusals: [String: Int] { state.withLock { $0.refusals } }
  var refusalCount: Int { refusals.values.reduce(0, +) }
  var surprises: [String] { state.withLock { $0.surprises } }

  /// One line for the log of a campaign.
  var summary: String {
    state.withLock { state in
      let refusals = state.refusals.sorted { $0.key < $1.key }
        .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
      return "\(state.sent.count) events sent, \(state.receipts.count) acknowledged; "
        + "\(state.unanswered) requests without an answer, refused: \(refusals)"
    }
  }
}
