// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// What a client says on a WebSocket.
enum ClientMessage: Sendable, Equatable {
  /// `{"type":"subscribe","recording_id":…,"after_seq"?:…}`.
  case subscribe(RecordingID, afterSeq: Int64?)
  /// `{"type":"unsubscribe","recording_id":…}`.
  case unsubscribe(RecordingID)

  private enum Kind: String, CaseIterable {
    case subscribe, unsubscribe
  }

  /// Reads a message.
  init(_ bytes: [UInt8]) throws(Problem) {
    var reader = ObjectReader(
      try JSONDocument.request(bytes, limits: .command).root,
      known: ["type", "recording_id", "after_seq"])
    let kind: Kind? = reader.required("type", as: .word())
    let recording: RecordingID? = reader.required("recording_id", as: .serverID())
    let seq = reader.optionalCount("after_seq", 0...Int(UInt32.max)).map { Int64($0) }
    self = try reader.finish {
      guard let recording else { return nil }
      switch kind {
      case .subscribe: return .subscribe(recording, afterSeq: seq)
      case .unsubscribe: return .unsubscribe(recording)
      case nil: return nil
      }
    }
  }
}
