// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON

/// A refusal in the form of RFC 9457, `application/problem+json`, as far as the service sent it.
public struct Problem: Sendable, Hashable {
  /// One value at fault.
  public struct Place: Sendable, Hashable {
    /// RFC 6901 pointer into what was sent, `/3/event_type`.
    public var pointer: String
    /// The stable word for what is wrong.
    public var code: String
    /// The same for people.
    public var reason: String
  }

  /// The status of HTTP.
  public var status: Int
  /// The stable word for this kind of failure; empty where the body was no problem: then it was not the
  /// service that answered, but something on the way to it.
  public var code: String
  /// The URI for this kind of failure.
  public var type: String
  /// What this kind of failure is.
  public var title: String
  /// What was wrong this time.
  public var detail: String
  /// By which the service's logs know the request.
  public var requestID: String?
  /// The values at fault, for 422.
  public var errors: [Place]
  /// How long the service asks to wait.
  public var retryAfter: Duration?
}

extension Problem {
  /// Reads an answer. What is missing in it, or was written by a proxy, stays empty.
  ///
  /// An answer that says of itself that it is something else than a problem has no code; one that says
  /// nothing is taken as what it looks like.
  init(status: Int, body: [UInt8], retryAfter: String?, contentType: String? = nil) {
    self.init(
      status: status, code: "", type: "about:blank", title: "", detail: "", requestID: nil,
      errors: [], retryAfter: Self.seconds(retryAfter))
    // A proxy's page or an empty body: the status alone has to do.
    guard let root = try? JSONDocument(parsing: body).root, root.kind == .object else { return }
    if Self.isProblem(contentType) { code = root.optionalText("code") ?? "" }
    type = root.optionalText("type") ?? type
    title = root.optionalText("title") ?? ""
    detail = root.optionalText("detail") ?? ""
    requestID = root.optionalText("request_id")
    guard let places = root["errors"] else { return }
    errors = places.elements.map { place in
      Place(
        pointer: place.optionalText("pointer") ?? "", code: place.optionalText("code") ?? "",
        reason: place.optionalText("reason") ?? "")
    }
  }

  private static func isProblem(_ contentType: String?) -> Bool {
    guard let contentType else { return true }
    return contentType.lowercased().hasPrefix("application/problem+json")
  }

  /// Whole seconds, as the service writes them. A date, which only proxies send, is not read.
  private static func seconds(_ field: String?) -> Duration? {
    field.flatMap { Int32($0) }.map { .seconds(max(0, $0)) }
  }
}

extension Problem: CustomStringConvertible {
  /// `the service answered 422 validation_failed: …`, then a line for each place.
  public var description: String {
    var head = "the service answered \(status)"
    if !code.isEmpty { head += " \(code)" }
    if !detail.isEmpty { head += ": \(detail)" }
    if let requestID { head += " (request \(requestID))" }
    return ([head] + errors.map { "  \($0.pointer): \($0.reason)" }).joined(separator: "\n")
  }
}
