// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Postgres
import Protection

/// One event of an import, before the recording that it will belong to exists.
struct PlannedEvent: Sendable {
  let type: String
  /// The JSON value of `event_data`, byte for byte.
  let data: [UInt8]

  /// The JSON object that is sent for the event at `position` (from 0) of `recording`.
  func object(
    position: Int, recording: String, at start: Timestamp
  ) throws(CryptoError) -> [UInt8] {
    let id = try id(position: position, recording: recording)
    let time = Timestamp(microseconds: start.microseconds &+ Int64(position))
    var writer = JSONWriter(reservingCapacity: data.count + 192)
    writer.object { writer in
      writer.key("event_type")
      writer.string(type)
      writer.key("event_id")
      writer.string(id)
      writer.key("timestamp")
      writer.string(time.rfc3339)
      writer.key("event_data")
      writer.raw(data)
    }
    return writer.bytes
  }

  /// A version 8 UUID (RFC 9562, section 5.8): SHA-256 of recording, position, type and data, cut
  /// to 16 bytes.
  func id(position: Int, recording: String) throws(CryptoError) -> String {
    let head = "hansard import\u{0}\(recording)\u{0}\(position)\u{0}\(type)\u{0}"
    var bytes = Array(try SHA256.hash(Array(head.utf8) + data).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text = ""
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text += "-" }
      text += Hexadecimal.text(of: CollectionOfOne(byte))
    }
    return text
  }
}
