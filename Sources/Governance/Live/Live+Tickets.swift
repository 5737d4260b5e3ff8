// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// What lets somebody open one WebSocket who cannot send `Authorization` with it: a page in a browser.
package struct LiveTicket: Sendable {
  /// What is shown once and never stored.
  package let text: String
  package let expiresAt: Timestamp
}

extension Live {
  /// How long a ticket is good for, in seconds.
  static let ticketSeconds: Int32 = 30
  /// The most tickets of one key that are good at the same moment, about.
  static let maximumTickets = 256

  /// Makes a ticket that opens one WebSocket as `caller`, within half a minute by the database's clock and
  /// before the caller's token ends. The oldest of a key's tickets makes room where there are too many.
  package func makeTicket(by caller: Caller) async throws -> LiveTicket {
    guard let key = caller.principal.key else { throw DomainError.unauthenticated }
    let (tenant, end) = (caller.tenant, caller.principal.expiresAt)
    let ticket = try TicketToken.make(for: tenant)
    let hash = try ticket.secretHash
    return try await gate.perform(.createTicket, by: caller) { transaction, _ in
      transaction.enqueue(.trimTickets)
      transaction.enqueue(.dropTickets(of: key, tenant, butNewest: Self.maximumTickets - 1))
      let rows = try await transaction.execute(.insertTicket(hash, of: key, tenant, until: end))
      guard let row = rows.first else { throw DomainError.unreadable }
      return LiveTicket(text: ticket.text, expiresAt: try row.decode(0))
    }
  }
}
