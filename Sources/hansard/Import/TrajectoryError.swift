// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// Why a file is not a trajectory that can be recorded, and where.
struct TrajectoryError: Error, Equatable {
  /// A line and column, or a JSON pointer (RFC 6901).
  let place: String
  /// What is wrong there.
  let reason: String

  init(place: String, reason: String) {
    self.place = place
    self.reason = reason
  }

  /// A fault that the JSON reader found in `bytes`.
  init(_ error: JSONError, in bytes: [UInt8]) {
    let before = bytes.prefix(error.offset)
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let column = before.count - lineStart + 1
    let pointer = error.pointer.isEmpty ? "" : " (\(error.pointer))"
    place = "line \(line), column \(column)\(pointer)"
    reason =
      error.offset >= bytes.count && error.code == .malformed
      ? "the file ends in the middle" : Self.reason(for: error.code)
  }

  /// A sentence for each thing that the JSON reader refuses.
  static func reason(for code: JSONError.Code) -> String {
    switch code {
    case .malformed: "is not JSON"
    case .invalidUTF8: "is not UTF-8"
    case .duplicateKey: "has the same key twice"
    case .tooDeep: "is nested too deeply for the service"
    case .loneSurrogate: "holds half of a surrogate pair, which is no character"
    case .stringTooLong: "is a longer string than the service takes"
    case .numberTooLong: "is a longer number than the service takes"
    case .tooManyKeys: "has more keys than the service takes"
    case .tooLarge: "is too large"
    case .nulCharacter, .notAString: "is not a usable text"
    }
  }
}

extension TrajectoryError: CustomStringConvertible {
  var description: String { "\(place): \(reason)" }
}
