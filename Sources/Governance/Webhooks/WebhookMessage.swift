// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

/// One notice for one receiver, signed and ready to be sent.
package struct WebhookMessage: Sendable {
  package var url: WebhookURL
  /// `webhook-id`: the same whenever this notice is sent to this webhook.
  package var id: String
  /// `webhook-timestamp`: when this attempt is made, in seconds since 1970.
  package var timestamp: Int64
  /// `webhook-signature`.
  package var signature: String
  /// `{"type", "timestamp", "data"}`.
  package var body: [UInt8]

  /// Creates a message.
  package init(url: WebhookURL, id: String, timestamp: Int64, signature: String, body: [UInt8]) {
    self.url = url
    self.id = id
    self.timestamp = timestamp
    self.signature = signature
    self.body = body
  }
}

/// What came of sending one.
package enum WebhookOutcome: Sendable, Hashable {
  /// The receiver answered with this status; what it said beside is not read.
  case answered(Int)
  /// Its name stands for no address that may be reached.
  case addressRefused
  /// Its name stands for nothing.
  case unresolved
  case unreachable
  case timedOut

  /// Whether the receiver has it.
  var isSuccess: Bool {
    guard case .answered(let status) = self else { return false }
    return (200...299).contains(status)
  }

  /// Whether the receiver wants no more.
  var isGone: Bool { self == .answered(410) }

  /// Why it failed, in a word.
  var word: String {
    switch self {
    case .answered(let status): "status_\(status)"
    case .addressRefused: "address_refused"
    case .unresolved: "unresolved"
    case .unreachable: "unreachable"
    case .timedOut: "timed_out"
    }
  }
}

extension WebhookMessage {
  /// `notice` for a webhook, sent at `now`.
  init(
    _ notice: Notice, to webhook: WebhookID, at url: WebhookURL, signedBy secret: WebhookSecret,
    now: Timestamp
  ) throws {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("type", notice.type)
      writer.member("timestamp", notice.createdAt)
      writer.key("data")
      writer.raw(notice.content)
    }
    let name = "hansard/v1/webhook-message \(webhook) \(notice.place.xid) \(notice.place.id)"
    let id = "msg_\(try UUID.version8(of: name).text)"
    let timestamp = now.microseconds / 1_000_000
    self.init(
      url: url, id: id, timestamp: timestamp,
      signature: try secret.signature(id: id, timestamp: timestamp, body: writer.bytes),
      body: writer.bytes)
  }
}
