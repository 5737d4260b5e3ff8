// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  static func user(_ id: UserID, of tenant: TenantID) -> Query {
    Query(
      """
      select user_id, name, email, registered, created_at, updated_at
      from hansard.users
      where tenant_id = $1
        and user_id = $2
      """, tenant.uuid, id.rawValue)
  }

  static func putUser(
    _ id: UserID, name: DisplayName?, email: DisplayName?, of tenant: TenantID
  ) -> Query {
    Query(
      """
      insert into hansard.users as u (tenant_id, user_id, name, email, registered)
      values ($1, $2, $3, $4, true)
      on conflict (tenant_id, user_id) do update
      set
        name = coalesce($3, u.name),
        email = coalesce($4, u.email),
        registered = true,
        updated_at = now()
      returning u.user_id, u.name, u.email, u.registered, u.created_at, u.updated_at
      """, tenant.uuid, id.rawValue, name?.rawValue, email?.rawValue)
  }

  static func users(after id: UserID?, of tenant: TenantID) -> Query {
    Query(
      """
      select user_id, name, email, registered, created_at, updated_at
      from hansard.users
      where tenant_id = $1
        and user_id > $2
      order by user_id
      limit 1000
      """, tenant.uuid, id?.rawValue ?? "")
  }
}

extension User {
  init(_ row: Row) throws {
    var column = row.reader()
    id = try column.callerID()
    name = try column.next()
    email = try column.next()
    isRegistered = try column.next()
    createdAt = try column.next()
    updatedAt = try column.next()
  }
}
