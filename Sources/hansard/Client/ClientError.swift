// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// Why a request to a service did not do what it was sent for.
enum ClientError: Error {
  /// No answer: the service could not be reached, or went away before it had answered.
  case noAnswer(String)
  /// The service answered with a problem.
  case refused(Problem)
  /// An answer that this client does not understand.
  case unreadableAnswer(String)
  /// The request could not be made from what was given.
  case misuse(String)

  /// The parts of an `application/problem+json` body (RFC 9457) that people need.
  struct Problem {
    var status: Int
    /// The stable word for this kind of failure; empty when the body was not a problem.
    var code: String
    var detail: String
    /// `pointer: reason` for each place at fault.
    var places: [String]
    /// Seconds that the service asks to wait, if it does.
    var retryAfter: Int?
  }
}

extension ClientError.Problem {
  /// Reads the body of an answer; what is missing in it stays empty.
  init(status: Int, body: [UInt8], retryAfter: String?) {
    self.init(
      status: status, code: "", detail: "", places: [], retryAfter: retryAfter.flatMap { Int($0) })
    do {
      let root = try JSONDocument(parsing: body).root
      code = try root["code"]?.text() ?? ""
      detail = try root["detail"]?.text() ?? ""
      guard let errors = root["errors"] else { return }
      for place in errors.elements {
        let pointer = try place["pointer"]?.text() ?? ""
        places.append("\(pointer): \(try place["reason"]?.text() ?? "")")
      }
    } catch {
      // A proxy's page or an empty body: the status alone has to do.
    }
  }
}

extension ClientError: CustomStringConvertible {
  var description: String {
    switch self {
    case .noAnswer(let what): what
    case .refused(let problem): problem.description
    case .unreadableAnswer(let what): "the service's answer was not understood: \(what)"
    case .misuse(let what): what
    }
  }
}

extension ClientError.Problem: CustomStringConvertible {
  var description: String {
    let head = "the service answered \(status)\(code.isEmpty ? "" : " \(code)")"
    let lead = detail.isEmpty ? head : "\(head): \(detail)"
    return ([lead] + places.map { "  \($0)" }).joined(separator: "\n")
  }
}
