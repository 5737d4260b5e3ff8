// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/governance/certificates`: what is known of what was purged.
struct CertificateRoutes: Sendable {
  static let prefix = "/api/governance/certificates"

  let certificates: PurgeCertificates

  /// All of them.
  var routes: [Route] {
    [
      Route(
        .get, Self.prefix, .readCertificates,
        query: [
          "agent_id", "user_id", "cause", "started_after", "started_before", "purged_after",
          "purged_before", "limit", "cursor",
        ], handler: list),
      Route(.get, "\(Self.prefix)/{id}", .readCertificates, handler: find),
    ]
  }

  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    var filter = PurgeCertificateFilter()
    filter.agent = query.read("agent_id", as: .callerID())
    filter.user = query.read("user_id", as: .callerID())
    filter.cause = query.read("cause", as: .word())
    (filter.startedAfter, filter.startedBefore) = query.between("started_after", "started_before")
    (filter.purgedAfter, filter.purgedBefore) = query.between("purged_after", "purged_before")
    let limit = query.limit()
    let cursor = query.read("cursor", as: .cursor)
    try query.finish()
    let page = try await certificates.list(filter, limit: limit, cursor: cursor, by: caller)
    return Reply(fields: exchange.link(to: page.next)) { writer in
      writer.array { writer in
        for certificate in page.elements { writer.certificate(certificate) }
      }
    }
  }

  /// The certificate of the recording that the path names.
  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id: RecordingID = try exchange.pathID(
      as: .serverID(),
      orThrow: DomainError(.notFound, "There is no certificate of such a recording."))
    let certificate = try await certificates.find(id, by: caller)
    return Reply { $0.certificate(certificate) }
  }
}
