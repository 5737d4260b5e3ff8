// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  static func insertTenant(_ tenant: Tenant) -> Query {
    Query(
      """
      insert into hansard.tenants (tenant_id, name)
      values ($1, $2)
      """, tenant.id.uuid, tenant.name)
  }

  static func tenant(_ id: TenantID) -> Query {
    Query(
      """
      select name
      from hansard.tenants
      where tenant_id = $1
      """, id.uuid)
  }
}
