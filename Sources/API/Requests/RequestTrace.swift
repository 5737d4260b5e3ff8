// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes

/// What becomes known of a request while it is handled, for its one log line.
struct RequestTrace {
  /// The request's id.
  let request: RequestID
  private let method: String
  private let start: ContinuousClock.Instant
  /// The template of the path; `unknown` where there is no route.
  var route = "unknown"
  var status = 0
  /// The problem's code, for an error.
  var code: String?
  /// Bytes of the body, read and written.
  var bytesIn = 0
  var bytesOut = 0
  var principal: Principal?
  /// Where its caller stands with its limits; empty where it has none.
  var limits: [LimitStanding] = []
  /// Whether the request has a place among those being handled.
  var isAdmitted = false
  /// Whether that place is counted as one of its tenant's.
  var hasShare = false

  /// Begins a request of `method`.
  init(method: HTTPRequest.Method) {
    request = RequestID.make()
    // Any token can be sent as a method: only those that we know become labels of metrics.
    let known: [HTTPRequest.Method] = [
      .get, .head, .post, .put, .delete, .options, .patch, .trace, .connect,
    ]
    self.method = known.contains(method) ? method.rawValue : "OTHER"
    start = .now
  }

  /// The log line.
  var summary: RequestSummary {
    RequestSummary(
      request: request, method: method, route: route, status: status, code: code,
      duration: start.duration(to: .now), bytesIn: bytesIn, bytesOut: bytesOut,
      tenant: principal?.tenant,
      key: principal?.key)
  }
}

extension RequestSummary {
  /// The log line of a request that was refused before it had a handler.
  init(refused problem: Problem) {
    self.init(
      request: problem.request, method: "OTHER", route: "unknown", status: problem.status,
      code: problem.code.rawValue, duration: .zero, bytesIn: 0, bytesOut: 0, tenant: nil, key: nil)
  }
}
