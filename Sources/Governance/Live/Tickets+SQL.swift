// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  static func insertTicket(
    _ hash: [UInt8], of key: KeyID, _ tenant: TenantID, until end: Timestamp?
  ) -> Query {
    Query(
      """
      insert into hansard.websocket_tickets (
        tenant_id, ticket_hash, key_id, token_expires_at, expires_at)
      values ($1, $2, $3, $4, least(clock_timestamp() + make_interval(secs => $5), $4))
      returning expires_at
      """, tenant.uuid, hash, key.uuid, end, Double(Live.ticketSeconds))
  }

  /// Tickets of the tenant that have expired make room.
  static let trimTickets = Query("select hansard.trim_websocket_tickets()")

  /// Uses up tickets that nobody has used, all but the newest. Those that are being used at the moment are
  /// passed over, so that nobody waits for another.
  static func dropTickets(of key: KeyID, _ tenant: TenantID, butNewest kept: Int) -> Query {
    Query(
      """
      update hansard.websocket_tickets
      set used_at = clock_timestamp()
      where tenant_id = $1
        and ticket_hash in (
          select d.ticket_hash
          from hansard.websocket_tickets as d
          where d.tenant_id = $1
            and d.used_at is null
            and d.ticket_hash in (
              select o.ticket_hash
              from hansard.websocket_tickets as o
              where o.tenant_id = $1
                and o.key_id = $2
                and o.used_at is null
                and o.expires_at > clock_timestamp()
              order by o.issued_at desc, o.ticket_hash
              offset $3)
          for update skip locked)
      """, tenant.uuid, key.uuid, Int64(kept))
  }

  /// Uses a ticket up, once: of several at the same moment all but one find it used. Who it was that asked
  /// for it stands in the register of keys.
  static func useTicket(_ hash: [UInt8], of tenant: TenantID) -> Query {
    Query(
      """
      update hansard.websocket_tickets as t
      set used_at = clock_timestamp()
      from hansard.api_keys as k
      where t.tenant_id = $1
        and t.ticket_hash = $2
        and t.used_at is null
        and t.expires_at > clock_timestamp()
        and k.tenant_id = t.tenant_id
        and k.key_id = t.key_id
        and k.revoked_at is null
        and (k.expires_at is null or k.expires_at > clock_timestamp())
      returning k.key_id, k.role, k.user_id, k.agent_id, t.token_expires_at
      """, tenant.uuid, hash)
  }
}
