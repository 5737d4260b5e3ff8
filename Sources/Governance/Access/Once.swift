// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Protection

/// A request that is to be done once, however often it is sent: what its client named it, and what is
/// asked for under that name.
package struct Once: Sendable {
  /// How long an answer is kept, in hours.
  static let hours: Int32 = 24

  /// SHA-256 of the client's name for the request: names may be anything, secrets too.
  let name: [UInt8]
  /// SHA-256 of what is asked for; only its HMAC is kept.
  let request: [UInt8]
  /// Makes the answer out of what the operation returns; nil for what it does not return.
  let answer: @Sendable (_ result: any Sendable) -> KeptAnswer?

  /// Names a request; `request` are the bytes of all that is asked for.
  package init(
    name: String, request: [UInt8], answer: @escaping @Sendable (any Sendable) -> KeptAnswer?
  ) throws {
    self.name = try SHA256.hash(Array(name.utf8))
    self.request = try SHA256.hash(request)
    self.answer = answer
  }
}

extension EventID {
  /// The id of the event at `index` of a request that its client has named: the same whenever it is
  /// sent, so that the event is recognised.
  package init(request name: String, of key: KeyID?, index: Int) throws {
    let text = "hansard/v1/idempotent-event \(key?.description ?? "operator") \(index) \(name)"
    self.init(try .version8(of: text))
  }
}

/// An answer as it is kept.
package struct KeptAnswer: Sendable, Equatable {
  package var status: Int
  /// Where what was made can be found.
  package var location: String?
  package var body: [UInt8]

  /// Creates an answer.
  package init(status: Int, location: String?, body: [UInt8]) {
    self.status = status
    self.location = location
    self.body = body
  }
}

extension KeptAnswer {
  /// What an answer tells of: with its key the answer is emptied.
  enum Subject: Sendable, Equatable {
    case recording(RecordingID)
    case recoverySession(SessionID)

    /// What the audit entry of an operation names; nil where that is neither. Recordings name sessions too, which
    /// are none of recovery.
    init?(of operation: Operation, _ mention: AuditMention) {
      switch operation {
      case .startRecovery, .logRecovery:
        guard let session = mention.session else { return nil }
        self = .recoverySession(session)
      default:
        guard let recording = mention.recording else { return nil }
        self = .recording(recording)
      }
    }

    var recording: RecordingID? {
      if case .recording(let id) = self { id } else { nil }
    }

    var recoverySession: SessionID? {
      if case .recoverySession(let id) = self { id } else { nil }
    }
  }
}

/// Thrown in place of doing a request again: it was done before, and this was the answer.
package struct DoneBefore: Error {
  package let answer: KeptAnswer
}

extension KeptAnswer {
  /// `u16 status ‖ u16 n ‖ location (n bytes, UTF-8) ‖ body`, integers big-endian; a location that
  /// does not fit is left out.
  var encoded: [UInt8] {
    let place = Array((location ?? "").utf8)
    let kept = place.count <= UInt16.max ? place : []
    return Self.bytes(status) + Self.bytes(kept.count) + kept + body
  }

  /// Reads `encoded`; nil for anything else.
  init?(encoded bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    let end = 4 + Int(bytes[2]) << 8 + Int(bytes[3])
    guard bytes.count >= end else { return nil }
    status = Int(bytes[0]) << 8 + Int(bytes[1])
    location = end > 4 ? String(decoding: bytes[4..<end], as: UTF8.self) : nil
    body = Array(bytes[end...])
  }

  private static func bytes(_ number: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
  }
}
