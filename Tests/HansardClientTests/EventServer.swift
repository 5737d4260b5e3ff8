// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardJSON
import Synchronization
import TestSupport

/// The half of the service that batches need: keeps events of one recording by their ids, all of a
/// batch or none of it, and refuses those of type `bad` by pointer.
final class EventServer: Sendable {
  struct Stored: Sendable, Equatable {
    var id: String
    var number: Int64
  }

  private let state = Mutex<[Stored]>([])
  /// Whether refusals name the events at fault.
  private let naming: Bool

  init(naming: Bool = true) {
    self.naming = naming
  }

  var events: [Stored] { state.withLock { $0 } }
  var numbers: [Int64] { events.map(\.number) }

  /// The answer to a batch.
  func reply(to request: ScriptedServer.Request) -> ScriptedServer.Reply {
    do {
      let batch = try Array(JSONDocument(parsing: Array(request.body.utf8)).root.elements)
      let bad = batch.indices.filter { batch[$0]["event_type"]?.isText("bad") == true }
      guard bad.isEmpty else {
        let pointers = naming ? bad.map { "/\($0)/event_type" } : []
        return Answers.refusal(422, "bad_value", pointers: pointers)
      }
      let receipts = try state.withLock { stored in
        try batch.map { event in
          let id = try event["event_id"]?.text() ?? ""
          if !stored.contains(where: { $0.id == id }) {
            stored.append(Stored(id: id, number: event["event_data"]?.integer() ?? -1))
          }
          let seq = stored.firstIndex { $0.id == id } ?? -1
          return Answers.receipt(id: id, seq: seq + 1)
        }
      }
      return .answer(201, "[\(receipts.joined(separator: ","))]")
    } catch {
      return .answer(400, "{}")
    }
  }
}
