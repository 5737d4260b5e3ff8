// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient
import Protection

/// One event of an import, before the recording that it will belong to exists.
struct PlannedEvent: Sendable {
  let type: String
  /// The JSON value of `event_data`, byte for byte.
  let data: [UInt8]

  /// What is sent for the event at `position` (from 0) of `recording`: that many microseconds after
  /// `start`, so that times keep the order. Throws `invalidInput` for one that the service would refuse.
  func event(position: Int, recording: String, at start: Date) throws -> HansardClient.Event {
    try HansardClient.Event(
      id: try id(position: position, recording: recording), type: type, data: data,
      timestamp: start.addingTimeInterval(Double(position) / 1_000_000))
  }

  /// A version 8 UUID (RFC 9562, section 5.8): SHA-256 of recording, position, type and data, cut
  /// to 16 bytes.
  func id(position: Int, recording: String) throws(CryptoError) -> UUID {
    let head = "hansard import\u{0}\(recording)\u{0}\(position)\u{0}\(type)\u{0}"
    let digest = try SHA256.hash(Array(head.utf8) + data)
    var id = UUID().uuid
    withUnsafeMutableBytes(of: &id) { $0.copyBytes(from: digest.prefix(16)) }
    id.6 = id.6 & 0x0F | 0x80
    id.8 = id.8 & 0x3F | 0x80
    return UUID(uuid: id)
  }
}
