// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Authenticator {
  /// The principal that has asked for a ticket; the ticket is of no use from now on, on any instance and
  /// whatever becomes of the request.
  ///
  /// - Throws: `unauthenticated`, the same for a ticket that was used, has expired, is nobody's, or whose
  ///   key is not live any more; or what the database throws.
  package func redeem(ticket text: String) async throws -> Principal {
    guard let ticket = TicketToken(text) else { throw DomainError.unauthenticated }
    let query = Query.useTicket(try ticket.secretHash, of: ticket.tenant)
    let rows = try await database.transaction(of: ticket.tenant) { try await $0.execute(query) }
    guard let row = rows.first else { throw DomainError.unauthenticated }
    var column = row.reader()
    let key: KeyID = try column.serverID()
    var principal = Principal(
      tenant: ticket.tenant, key: key, role: try column.word(),
      user: try column.optionalCallerID(), agent: try column.optionalCallerID())
    principal.expiresAt = try column.next()
    return principal
  }
}
