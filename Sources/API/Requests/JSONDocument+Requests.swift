// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension JSONDocument {
  /// Parses a request's body, or part of one that stands at `path`, as its sender should be told:
  /// what is not JSON is 400, what is JSON and not acceptable is 422.
  static func request(
    _ bytes: [UInt8], at path: String = "", limits: JSONLimits
  ) throws(Problem) -> JSONDocument {
    do throws(JSONError) {
      return try JSONDocument(parsing: bytes, limits: limits)
    } catch {
      throw Problem(error, at: path)
    }
  }
}

extension JSONLimits {
  /// `event_data` may be 64 deep by itself: below the event's object that is 65.
  static let event = JSONLimits(depth: 65, numberBytes: 1024)
  /// Below the batch's array it is 66.
  static let batch = JSONLimits(depth: 66, numberBytes: 1024, keys: 200_000)
  /// Every other body.
  static let command = JSONLimits(depth: 16, keys: 1000)
}

extension Problem {
  /// The problem of a document that the scanner refused.
  fileprivate init(_ error: JSONError, at path: String) {
    let pointer = path + SafePointer.prefix(of: error.pointer)
    let (code, reason) = Self.word(for: error.code)
    switch code {
    case .malformedJSON, .invalidUTF8:
      self.init(
        code, "\(reason) The fault is at byte \(error.offset).",
        violations: path.isEmpty
          ? [] : [.init(pointer: pointer, code: code.rawValue, reason: reason)])
    default: self = .invalid(pointer, code, reason)
    }
  }

  private static func word(for code: JSONError.Code) -> (ProblemCode, String) {
    switch code {
    case .malformed, .notAString: (.malformedJSON, "This is not JSON.")
    case .invalidUTF8: (.invalidUTF8, "This is not UTF-8.")
    case .duplicateKey: (.duplicateKey, "A key stands twice in one object.")
    case .tooDeep: (.tooDeep, "Objects and arrays are nested too deeply.")
    case .loneSurrogate: (.loneSurrogate, "An escape holds half of a surrogate pair.")
    case .stringTooLong: (.stringTooLong, "A string is longer than 128 KiB.")
    case .numberTooLong: (.numberTooLong, "A number has too many digits.")
    case .tooManyKeys: (.tooManyKeys, "There are too many keys.")
    case .tooLarge: (.bodyTooLarge, "The document is too large.")
    case .nulCharacter: (.nulCharacter, "A text holds the character U+0000.")
    }
  }
}
