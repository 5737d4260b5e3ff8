// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// One request, whatever happens to it on its way.
struct Call: Sendable {
  enum Method: String, Sendable { case get = "GET", post = "POST", delete = "DELETE" }

  var method: Method
  /// From `/api` on, with its query.
  var path: String
  var body: [UInt8]?
  var accept = "application/json"
  /// The name under which a POST is done once, however often it is sent.
  var idempotencyKey: String?
  /// The most bytes of an answer that are read.
  var answerLimit = 16 << 20
  /// The same for one that holds all events of a recording, or all attempts of a session.
  static let longAnswer = 256 << 20

  /// A question: it changes nothing, so that it may be asked again.
  static func get(_ path: String) -> Call { Call(method: .get, path: path) }

  /// A change that is done once.
  static func post(_ path: String, _ body: [UInt8], key: String = newKey()) -> Call {
    Call(method: .post, path: path, body: body, idempotencyKey: key)
  }

  static func delete(_ path: String, _ body: [UInt8]) -> Call {
    Call(method: .delete, path: path, body: body)
  }

  /// A name that nobody else makes up.
  static func newKey() -> String { UUID().uuidString.lowercased() }

  /// Whether it may be sent again after a try that may have been carried out.
  var isRepeatable: Bool { method == .get || idempotencyKey != nil }
}

/// What came back, read to its end.
struct Reply: Sendable {
  var status: Int
  var body: [UInt8]
  /// The path of `Link: <…>; rel="next"`.
  var next: String?
}
