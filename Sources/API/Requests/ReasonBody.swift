// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// The body of what needs a reason and nothing else: `{reason}`.
enum ReasonBody {
  static func read(_ bytes: [UInt8]) throws(Problem) -> RecordingText {
    var reader = ObjectReader(
      try JSONDocument.request(bytes, limits: .command).root, known: ["reason"])
    let reason = reader.required("reason", as: field)
    return try reader.finish { reason }
  }

  /// Why something is done.
  static var field: TextField<RecordingText> {
    .sentence(maximumBytes: RecordingText.maximumReasonBytes)
  }
}
