// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// Why something in a trail is not brought in, and where it stands.
struct TrailRefusal: Error, Sendable, Equatable {
  let place: FilePlace
  /// JSON pointer (RFC 6901) into the object; "" for the whole of it.
  let pointer: String
  /// What is wrong there.
  let reason: String
}

extension TrailRefusal {
  /// A fault that the JSON reader found in `bytes`, which stand at `start` of the file.
  init(_ error: JSONError, in bytes: [UInt8], at start: FilePlace) {
    let offset = min(max(error.offset, 0), bytes.count)
    place = start.passing(bytes[..<offset])
    pointer = error.pointer
    let rest = bytes[offset...]
    // As Python writes what is no number.
    let isNoNumber = ["NaN", "Infinity"].contains { rest.starts(with: $0.utf8) }
    if error.code == .malformed, offset == bytes.count {
      reason = "ends in the middle"
    } else if error.code == .malformed, isNoNumber {
      reason = "is not JSON, which has no NaN and no Infinity"
    } else {
      reason = TrajectoryError.reason(for: error.code)
    }
  }
}

extension TrailRefusal: CustomStringConvertible {
  var description: String {
    pointer.isEmpty ? "\(place): \(reason)" : "\(place) (\(pointer)): \(reason)"
  }
}
