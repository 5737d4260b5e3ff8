// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// An answer, before it is written to a connection.
struct Reply: Sendable {
  /// Takes the next part of a streamed body; returns when there is room for more.
  typealias Emit = ([UInt8]) async throws -> Void

  /// The body: whole, or made while it is being sent.
  enum Body: Sendable {
    case whole([UInt8])
    /// Nothing may be sent before the first part has been emitted, so that what fails until then
    /// is still answered as a problem; what fails later breaks the connection.
    case streamed(@Sendable (_ emit: Emit) async throws -> Void)
    /// Lasts as long as somebody listens; `orElse` is called where nobody does.
    case live(LiveBody, orElse: @Sendable () -> Void)
  }

  /// What becomes of a connection that stays.
  enum LiveBody: Sendable {
    /// Frames in both directions.
    case webSocket(WebSocketHandshake, @Sendable (WebSocketConnection) async -> Void)
    /// Server-Sent Events.
    case eventStream(@Sendable (ResponseWriter) async -> Void)
  }

  /// The status.
  var status: HTTPResponse.Status
  /// Fields beyond those that every answer has.
  var fields: HTTPFields
  /// The body.
  var body: Body
  /// The problem's code, for an error.
  var code: String?

  /// Creates an answer with a JSON body.
  init(
    _ status: HTTPResponse.Status = .ok, fields: HTTPFields = [:],
    _ write: (inout JSONWriter) -> Void
  ) {
    var writer = JSONWriter()
    write(&writer)
    self.init(status, contentType: "application/json", fields: fields, body: .whole(writer.bytes))
  }

  /// Creates an answer of any type.
  init(
    _ status: HTTPResponse.Status = .ok, contentType: String, fields: HTTPFields = [:], body: Body
  ) {
    self.status = status
    self.fields = fields
    self.body = body
    self.fields[.contentType] = contentType
  }

  /// Creates an answer that lasts.
  init(
    _ status: HTTPResponse.Status, fields: HTTPFields = [:], live: LiveBody,
    orElse: @escaping @Sendable () -> Void
  ) {
    self.status = status
    self.fields = fields
    self.body = .live(live, orElse: orElse)
  }

  /// Creates the answer that reports a problem.
  init(_ problem: Problem) {
    self.status = .init(code: problem.status)
    self.fields = problem.fields
    self.body = .whole(problem.json)
    self.code = problem.code.rawValue
  }

  /// The head as it is sent, with the length of a whole body.
  func head(for request: RequestID) -> HTTPResponse {
    var fields = HTTPFields.common(for: request)
    for field in self.fields { fields[field.name] = field.value }
    if case .whole(let bytes) = body { fields[.contentLength] = String(bytes.count) }
    return HTTPResponse(status: status, headerFields: fields)
  }
}

extension HTTPFields {
  /// What every answer carries: nothing is to be cached, guessed at, or lost track of.
  static func common(for request: RequestID) -> HTTPFields {
    [
      .date: HTTPDate.now(),
      .cacheControl: "no-store",
      .xContentTypeOptions: "nosniff",
      .xRequestID: request.description,
    ]
  }
}

extension HTTPField.Name {
  static let xRequestID = Self("X-Request-Id") ?? .eTag
  static let link = Self("Link") ?? .eTag
}
