// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One line of the table of bad inputs: a request, what it is answered with, and what it leaves.
struct BadInput: Sendable {
  /// What the answer must be.
  enum Expected: Sendable {
    /// A problem with one of these statuses and, where there are any, one of these codes.
    case refused([Int], [String])
    /// This status, and one row more in the table of events.
    case stored(Int)
    /// This status, and these rows more.
    case made(Int, [String: Int64])
    /// This status, and no trace.
    case answered(Int)
  }

  /// Kind and number; the numbers are those of the project's list where it has the line.
  let id: String
  let about: String
  let expected: Expected
  let request: @Sendable (BadInputGround) -> RawRequest
  /// A text that the latest event must hold afterwards, to the byte.
  var keeps: String?
  /// Whether the refusal must be in the audit log.
  var isAudited = false

  init(
    _ id: String, _ about: String, _ expected: Expected, keeps: String? = nil,
    isAudited: Bool = false, _ request: @escaping @Sendable (BadInputGround) -> RawRequest
  ) {
    self.id = id
    self.about = about
    self.expected = expected
    self.request = request
    self.keeps = keeps
    self.isAudited = isAudited
  }
}

extension BadInput {
  /// An event with this whole body.
  static func event(
    _ id: String, _ about: String, _ body: [UInt8], _ expected: Expected, keeps: String? = nil
  ) -> BadInput {
    BadInput(id, about, expected, keeps: keeps) { $0.event(body) }
  }

  /// The same with text.
  static func event(
    _ id: String, _ about: String, _ body: String, _ expected: Expected, keeps: String? = nil
  ) -> BadInput {
    event(id, about, Array(body.utf8), expected, keeps: keeps)
  }

  /// An event that is right but for its data.
  static func data(
    _ id: String, _ about: String, _ data: String, _ expected: Expected, keeps: String? = nil
  ) -> BadInput {
    event(id, about, #"{"event_type":"step","event_data":\#(data)}"#, expected, keeps: keeps)
  }

  /// A `GET` of the list with this query.
  static func list(
    _ id: String, _ about: String, _ query: String, _ expected: Expected
  ) -> BadInput {
    BadInput(id, about, expected) { $0.get(Paths.recordings + query) }
  }
}

extension BadInput.Expected {
  static func refused(_ status: Int, _ codes: String...) -> BadInput.Expected {
    .refused([status], codes)
  }

  static var malformed: BadInput.Expected { .refused(400, "malformed_json") }
}

/// Stands in inputs where an answer could repeat them, which none may.
let canary = "canary7f3a"
