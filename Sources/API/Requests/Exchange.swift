// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes

/// A request that has passed everything that is the same for all routes, as a handler sees it.
struct Exchange: Sendable {
  /// The request's id.
  let request: RequestID
  /// The path's parameters, decoded.
  let parameters: [String]
  /// The query's parameters: only names that the route knows, each at most once.
  let query: QueryReader
  /// The path as it was asked for, not decoded and without query; for links.
  let path: String
  /// The request's head.
  let head: HTTPRequest
  /// The body; empty where the route takes none.
  var body: [UInt8]
  /// The body's form.
  var format: BodyPolicy.Format
  /// What the client calls this request, which is to be done once.
  var idempotencyKey: String?
  /// The version of a thing that the client has seen and means to replace.
  var ifMatch: String?

  /// The recording that the path names. Something that is not an id is nobody's recording.
  func recordingID() throws -> RecordingID {
    try pathID(as: .serverID(), orThrow: DomainError.recordingNotFound)
  }

  /// The link to the page that `parameters` (encoded, each followed by `&`) and `last` name.
  func nextPage(_ parameters: String, _ last: (name: String, value: String)) -> HTTPFields {
    let target = "\(path)?\(parameters)\(last.name)=\(PercentEncoding.encode(last.value))"
    return [.link: "<\(target)>; rel=\"next\""]
  }

  /// The link to the page behind `cursor`; none at the end.
  func link(to cursor: Cursor?) -> HTTPFields {
    guard let cursor else { return [:] }
    return nextPage(query.withoutCursor(), (name: "cursor", value: cursor.text))
  }
}
