// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
import NIOCore

extension RequestResponder {
  /// Reads the body to its end, and no further than the route's limit.
  func body(
    of request: Request, _ policy: BodyPolicy, _ writer: borrowing ResponseWriter,
    _ trace: inout RequestTrace
  ) async throws -> [UInt8] {
    let declared = request.headers[.contentLength].flatMap { Int($0) }
    if isWaiting(request.headers, declared) {
      try await writer.writeInformationalHead(HTTPResponse(status: .continue))
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(declared ?? 0, policy.limit))
    do {
      for try await buffer in request.body {
        guard admission.take(buffer.readableBytes) else { throw Problem.overloaded }
        trace.bytesIn += buffer.readableBytes
        guard bytes.count + buffer.readableBytes <= policy.limit else { throw policy.tooLarge }
        bytes.append(contentsOf: buffer.readableBytesView)
      }
    } catch let failure as RequestBodyFailure {
      throw Self.problem(for: failure)
    }
    // A connection that ends within the body looks like the body's end from here.
    guard bytes.count == declared ?? bytes.count else { throw Self.problem(for: .malformed) }
    return bytes
  }

  private func isWaiting(_ fields: HTTPFields, _ declared: Int?) -> Bool {
    fields[.expect] != nil && (declared ?? 0 > 0 || fields[.transferEncoding] != nil)
  }

  private static func problem(for failure: RequestBodyFailure) -> Problem {
    switch failure {
    case .timeout: Problem(.requestTimeout, "The body of the request came too slowly.")
    case .malformed: Problem(.malformedRequest, "The body of the request is not complete.")
    }
  }
}
