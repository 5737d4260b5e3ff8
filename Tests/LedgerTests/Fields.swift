// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Ledger

/// The fields of the entry that the fixed answers are of.
struct Fields {
  var tenant = UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF") ?? UUID()
  var recording = UUID(uuidString: "01890A5D-AC96-774B-BCCE-B302099A8057") ?? UUID()
  var eventID = UUID(uuidString: "01890A5D-AC96-774B-BCCE-B302099A8058") ?? UUID()
  var type = "tool.call \u{E9}"
  var occurredAt: Int64 = 1_700_000_000_123_456
  var recordedBy = "key:abc"
  var payloadLength = 1234
  var sealedDigest = [UInt8](32..<64)
  var contentMAC = [UInt8](0..<32)
  var redaction: EventEntry.Redactions?

  func entry() throws(LedgerError) -> EventEntry {
    try EventEntry(
      tenant: tenant, recording: recording, eventID: eventID, type: type, occurredAt: occurredAt,
      recordedBy: recordedBy, payloadLength: payloadLength, sealedDigest: sealedDigest,
      contentMAC: contentMAC, redaction: redaction)
  }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
