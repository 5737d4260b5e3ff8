// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON

/// What the buffer keeps of one thing to be sent: with its names, so that whoever sends it, and
/// however often, it is done once.
struct BufferedEntry: Sendable, Hashable {
  enum Kind: String, Sendable { case start, attempt }

  var kind: Kind
  var session: String
  /// Whether the logger made the session's id, and may go on in another one.
  var isOwn: Bool
  /// The attempt's `entry_id`; nil for the start of a session.
  var entryID: String?
  /// Its `Idempotency-Key`.
  var key: String
  /// The body of its request.
  var body: [UInt8]

  /// One line of JSON.
  var payload: [UInt8] {
    var writer = JSONWriter(reservingCapacity: body.count + 256)
    writer.object { writer in
      writer.member("kind", kind.rawValue)
      writer.member("session", session)
      writer.member("own", isOwn ? true : nil)
      writer.member("entry", entryID)
      writer.member("key", key)
      writer.key("body")
      writer.raw(body)
    }
    return writer.bytes
  }

  init(kind: Kind, session: String, isOwn: Bool, entryID: String? = nil, body: [UInt8]) {
    self.kind = kind
    self.session = session
    self.isOwn = isOwn
    self.entryID = entryID
    self.body = body
    key = Call.newKey()
  }

  /// Nil for what nothing of ours has written.
  init?(payload: [UInt8]) {
    guard let root = try? JSONDocument(parsing: payload, limits: .answer).root,
      let kind = root.optionalText("kind").flatMap({ Kind(rawValue: $0) }),
      let session = root.optionalText("session"), let key = root.optionalText("key"),
      let body = root["body"]
    else { return nil }
    self.kind = kind
    self.session = session
    isOwn = root["own"]?.bool() ?? false
    self.key = key
    entryID = root.optionalText("entry")
    self.body = Array(body.rawBytes)
  }
}
