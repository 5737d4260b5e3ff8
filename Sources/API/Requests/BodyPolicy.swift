// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes

/// What body a route takes.
package enum BodyPolicy: Sendable, Equatable {
  /// None: what comes is not read.
  case none
  /// A JSON document of at most 64 KiB.
  case command
  /// The same, or nothing.
  case optionalCommand
  /// One event.
  case event
  /// A batch of events as a JSON array or in lines.
  case events
  /// One recovery attempt or an array of them.
  case attempts

  /// The form of a body.
  enum Format: Sendable, Equatable {
    case json
    case lines
  }

  /// The most bytes.
  var limit: Int {
    switch self {
    case .none: 0
    case .command, .optionalCommand: 64 * 1024
    case .event: EventDraft.maximumBytes
    case .events, .attempts: 5 * 1024 * 1024
    }
  }

  /// The problem of a body of more bytes.
  var tooLarge: Problem {
    self == .event
      ? Problem(.eventTooLarge, "The event is larger than \(limit / 1024) KiB.")
      : Problem(.bodyTooLarge, "The body is larger than \(limit / 1024) KiB.")
  }

  /// Checks what the head says of the body before any of it is read, and returns its form.
  func check(_ fields: HTTPFields) throws(Problem) -> Format {
    let encodings = fields[values: .contentEncoding]
    guard encodings.allSatisfy({ $0.lowercased() == "identity" || $0.isEmpty }) else {
      throw Problem(.unsupportedMediaType, "Bodies are taken without content encoding only.")
    }
    let types = fields[values: .contentType]
    if types.isEmpty, self == .optionalCommand, Self.hasNone(fields) { return .json }
    let format = try format(types)
    if let length = fields[.contentLength].map({ Int($0) ?? .max }), length > limit {
      throw tooLarge
    }
    return format
  }

  private static func hasNone(_ fields: HTTPFields) -> Bool {
    fields[.transferEncoding] == nil && (fields[.contentLength].map { Int($0) == 0 } ?? true)
  }

  private func format(_ types: [String]) throws(Problem) -> Format {
    // What nearly all clients send needs no taking apart.
    if types.count == 1, types[0].utf8.elementsEqual("application/json".utf8) { return .json }
    guard types.count == 1, let type = MediaType(types[0]), type.isUTF8 else {
      throw unsupported
    }
    switch type.essence {
    case "application/json": return .json
    case "application/x-ndjson" where self == .events: return .lines
    default: throw unsupported
    }
  }

  private var unsupported: Problem {
    let forms = self == .events ? "application/json or application/x-ndjson" : "application/json"
    return Problem(.unsupportedMediaType, "The body must be \(forms) in UTF-8.")
  }
}
