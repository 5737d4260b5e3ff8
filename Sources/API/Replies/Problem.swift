// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// An error as its sender reads it: RFC 9457 `application/problem+json`.
struct Problem: Error, Sendable {
  /// What kind of problem.
  var code: ProblemCode
  /// One sentence fit for the caller; never repeats what was sent.
  var detail: String
  /// The places at fault.
  var violations: [DomainError.Violation]
  /// For `methodNotAllowed`: the methods that there are.
  var allowed: [HTTPRequest.Method] = []
  /// For a service that is not ready: every reason.
  var reasons: [String] = []
  /// After what time it is worth asking again, where that is known.
  var retryAfter: Duration?
  /// The request that it answers.
  var request: RequestID

  /// Creates a problem with a request id of its own.
  init(
    _ code: ProblemCode, _ detail: String, violations: [DomainError.Violation] = []
  ) {
    self.code = code
    self.detail = detail
    self.violations = violations
    self.request = RequestID.make()
  }

  /// The problem of values that are not acceptable: named after their fault where all share one.
  static func invalid(_ violations: [DomainError.Violation]) -> Problem {
    let words = Set(violations.map(\.code))
    let shared = words.count == 1 ? words.first.flatMap(ProblemCode.init(rawValue:)) : nil
    let detail = "The request holds \(violations.count == 1 ? "a value" : "values") not accepted."
    return Problem(shared ?? .validationFailed, detail, violations: violations)
  }

  /// A single value at one place that is not acceptable.
  static func invalid(_ place: String, _ code: ProblemCode, _ reason: String) -> Problem {
    invalid([DomainError.Violation(pointer: place, code: code.rawValue, reason: reason)])
  }

  /// What to answer when `error` was thrown: only the domain's errors and our own have a word to
  /// say, everything else is `internal_error`.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as DomainError where error.code == .validationFailed:
      self = .invalid(error.violations)
      detail = error.message
    case let error as DomainError where error.code != .internalError:
      self.init(ProblemCode(error.code), error.message, violations: error.violations)
      retryAfter = error.retryAfter
    case is CancellationError:
      self.init(.stopping, "The service is stopping; whether it was done is not known.")
    default:
      // A failure inside may carry a word for the log; the caller gets none.
      self.init(.internalError, "The request could not be completed.")
    }
  }

  /// The HTTP status.
  var status: Int { code.entry.status }
}

// MARK: - On the wire

extension Problem {
  /// The body.
  var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("type", "https://hansard.dev/problems/\(code.rawValue)")
      writer.member("title", code.entry.title)
      writer.key("status")
      writer.int(status)
      writer.member("detail", detail)
      writer.member("code", code.rawValue)
      writer.member("request_id", request.description)
      writer.member("instance", "urn:uuid:\(request)")
      if !reasons.isEmpty { writer.member("reasons", reasons) }
      if !violations.isEmpty { write(violations, to: &writer) }
    }
    return writer.bytes
  }

  private func write(_ violations: [DomainError.Violation], to writer: inout JSONWriter) {
    writer.key("errors")
    writer.array { writer in
      for violation in violations {
        writer.object { writer in
          writer.member("pointer", violation.pointer)
          writer.member("code", violation.code)
          writer.member("reason", violation.reason)
        }
      }
    }
  }

  /// The header fields, without those that frame the body.
  var fields: HTTPFields {
    var fields = HTTPFields.common(for: request)
    fields[.contentType] = "application/problem+json"
    switch status {
    case 401: fields[.wwwAuthenticate] = #"Bearer realm="hansard""#
    case 426:
      fields[.upgrade] = "websocket"
      fields[.connection] = "upgrade"
      fields[.secWebSocketVersion] = "13"
    case 405: fields[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
    // Spread out, so that everybody who was turned away does not return in the same moment.
    case 429, 503:
      fields[.retryAfter] = String(retryAfter?.secondsRoundedUp ?? Int.random(in: 1...3))
    default: break
    }
    return fields
  }
}
