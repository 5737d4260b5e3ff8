// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension [LiveItem] {
  /// The items in parts, each of which a client of an ordinary connection takes in no time.
  var parts: [ArraySlice<LiveItem>] {
    var parts: [ArraySlice<LiveItem>] = []
    var (start, weight) = (startIndex, 0)
    for (index, item) in enumerated() {
      weight += item.weight
      guard weight > 64 * 1024 else { continue }
      parts.append(self[start...index])
      (start, weight) = (index + 1, 0)
    }
    return start < endIndex ? parts + [self[start...]] : parts
  }
}

/// What a subscriber is sent: one JSON object `{"id", "type", "data"}` in a WebSocket frame, or the
/// same three as an event of an event stream.
struct LiveMessage: Sendable {
  /// What a subscriber comes back with to miss nothing; nil for what is no notice.
  var id: String?
  /// What kind of message.
  var type: String
  /// A JSON object, as one value.
  var data: [UInt8]

  private init(id: String?, type: String, data: [UInt8]) {
    self.id = id
    self.type = type
    self.data = data
  }

  private init(_ type: String, id: String? = nil, _ members: (inout JSONWriter) -> Void = { _ in })
  {
    var writer = JSONWriter()
    writer.object(members)
    self.type = type
    self.id = id
    data = writer.bytes
  }

  /// The message of `item`.
  init(_ item: LiveItem) {
    switch item {
    case .ready(let cursor): self.init("ready", id: cursor.text)
    case .notice(let notice):
      self.init(id: notice.cursor.text, type: notice.type, data: notice.content)
    case .event(let recording, let event): self.init(event, of: recording)
    case .followed(let recording, let nextSeq):
      self.init("subscribed") { writer in
        writer.member("recording_id", recording)
        writer.key("next_seq")
        writer.int(nextSeq)
      }
    case .unfollowed(let recording, let reason):
      self.init("unsubscribed") { writer in
        writer.member("recording_id", recording)
        writer.member("reason", reason.rawValue)
      }
    case .refused(let code, let detail, let recording): self.init(code, detail, recording)
    case .resync(let cursor):
      self.init("resync", "What happened since then is not known any more: look for yourself.", nil)
      id = cursor.text
    }
  }

  private init(_ event: Event, of recording: RecordingID) {
    self.init("canvas:recording_event") { writer in
      writer.member("recording_id", recording)
      writer.key("seq")
      writer.int(event.seq)
      writer.member("timestamp", event.timestamp)
      writer.member("event_type", event.type)
      writer.key("data")
      writer.raw(event.data)
    }
  }

  private init(_ code: String, _ detail: String, _ recording: RecordingID?) {
    self.init("error") { writer in
      writer.member("code", code)
      writer.member("detail", detail)
      writer.member("recording_id", recording)
    }
  }

  /// The text of a WebSocket frame that tells of `item`.
  static func frame(_ item: LiveItem) -> [UInt8] {
    if case .notice(let notice) = item { return notice.message }
    return LiveMessage(item).frame
  }

  private var frame: [UInt8] {
    var writer = JSONWriter(reservingCapacity: data.count + 160)
    writer.object { writer in
      writer.member("id", id)
      writer.member("type", type)
      writer.key("data")
      writer.raw(data)
    }
    return writer.bytes
  }

  /// The text of an event of an event stream. Line ends, which JSON has between its tokens only, would
  /// end a line there.
  var streamed: [UInt8] {
    var text: [UInt8] = []
    if let id { text += Array("id: \(id)\n".utf8) }
    text += Array("event: \(type)\ndata: ".utf8)
    text += data.map {
      $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0
    }
    text += Array("\n\n".utf8)
    return text
  }
}
