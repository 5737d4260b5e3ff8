// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON

extension HansardClient {
  /// An event as it is stored.
  public struct StoredEvent: Sendable, Hashable {
    /// Its place, from 1.
    public var seq: Int64
    /// The id that it was sent with.
    public var eventID: String
    /// What kind of thing happened.
    public var type: String
    /// Exactly the bytes that were sent, but for what was redacted.
    public var data: [UInt8]
    /// When it happened, RFC 3339.
    public var timestamp: String
    /// SHA-256 over what is stored, in hexadecimal.
    public var leafHash: String
  }

  /// Events behind `seq`, in order; 1 to 500, and maybe fewer than `limit` although there are more.
  /// Empty at the end.
  public func events(
    of recording: String, after seq: Int64 = 0, limit: Int = 500
  ) async throws(HansardClientError) -> [StoredEvent] {
    let path = try Self.path(recording, "/events?after_seq=\(seq)&limit=\(limit)")
    var call = Call.get(path)
    call.answerLimit = Call.longAnswer
    let answer = try await transport.ask(call)
    guard let list = answer["events"] else { throw .unreadableAnswer("it has no events") }
    var events: [StoredEvent] = []
    for value in list.elements {
      guard let data = value["data"] else { throw .unreadableAnswer("an event has no data") }
      events.append(
        StoredEvent(
          seq: try value.needInteger("seq"), eventID: try value.needText("event_id"),
          type: try value.needText("event_type"), data: Array(data.rawBytes),
          timestamp: try value.needText("timestamp"), leafHash: try value.needText("leaf_hash")))
    }
    return events
  }
}
