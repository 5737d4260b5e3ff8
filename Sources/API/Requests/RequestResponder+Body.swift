// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

extension RequestResponder {
  /// Reads the body to its end, and no further than the route's limit.
  func body(
    of request: IncomingRequest, _ policy: BodyPolicy, _ writer: ResponseWriter,
    _ trace: inout RequestTrace
  ) async throws(Problem) -> [UInt8] {
    let fields = request.head.headerFields
    let declared = fields[.contentLength].flatMap { Int($0) }
    if isWaiting(fields, declared) { writer.writeContinue() }
    let body = await request.body.collect(BodyCollector(policy, declared: declared, admission))
    trace.bytesIn = body.bytesRead
    if let problem = body.problem { throw problem }
    return body.bytes
  }

  private func isWaiting(_ fields: HTTPFields, _ declared: Int?) -> Bool {
    fields[.expect] != nil && (declared ?? 0 > 0 || fields[.transferEncoding] != nil)
  }
}
