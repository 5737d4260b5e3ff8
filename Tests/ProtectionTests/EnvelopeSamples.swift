// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Protection

/// The ids and keys that the fixed vectors are made with.
enum Sample {
  static let tenant = id("00112233-4455-6677-8899-AABBCCDDEEFF")
  static let recording = id("01890A5D-AC96-774B-BCCE-B302099A8057")
  static let event = id("01890A5D-AC96-774B-BCCE-B302099A8058")
  static let tenantKeyID = id("01890A5D-AC96-774B-BCCE-B302099A8059")

  static func masterKey(id: String = "mk-2026") throws -> MasterKey {
    try MasterKey(id: id, key: secret(0))
  }

  static func tenantKey() throws -> TenantKey {
    try TenantKey(id: tenantKeyID, secret: secret(32))
  }

  static func dataKey() throws -> DataKey {
    try DataKey(secret: secret(64))
  }

  /// The 32 bytes that count up from `first`.
  static func secret(_ first: UInt8) throws -> SecretKey {
    try (first..<first + 32).map { $0 }.withBytes { (bytes) throws(CryptoError) in
      try SecretKey(copying: bytes)
    }
  }

  private static func id(_ text: String) -> UUID {
    UUID(uuidString: text) ?? UUID()
  }
}

extension EventContext {
  static let sample = EventContext(
    tenant: Sample.tenant, recording: Sample.recording, eventID: Sample.event,
    type: "tool.call \u{E9}", occurredAt: 1_700_000_000_123_456)
}
