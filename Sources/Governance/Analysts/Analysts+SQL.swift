// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  private static let analystColumns = "login, name, created_at, dropped_at"

  static func insertAnalyst(
    _ login: AnalystLogin, name: DisplayName, of tenant: TenantID, by actor: String
  ) -> Query {
    Query(
      """
      insert into hansard.analysts (tenant_id, analyst_id, login, name, created_by)
      values ($1, $2, $3, $4, $5)
      returning \(analystColumns)
      """, tenant.uuid, UUID.version7(), login.rawValue, name.rawValue, actor)
  }

  static func analysts(of tenant: TenantID) -> Query {
    Query(
      """
      select \(analystColumns)
      from hansard.analysts
      where tenant_id = $1
      order by analyst_id
      limit 1000
      """, tenant.uuid)
  }

  static func dropAnalyst(
    _ login: AnalystLogin, of tenant: TenantID, by actor: String
  ) -> Query {
    Query(
      """
      update hansard.analysts
      set
        dropped_at = coalesce(dropped_at, now()),
        dropped_by = coalesce(dropped_by, $3)
      where tenant_id = $1
        and login = $2
      returning \(analystColumns)
      """, tenant.uuid, login.rawValue, actor)
  }
}

extension Analyst {
  init(_ row: Row) throws {
    var column = row.reader()
    guard let login = AnalystLogin(try column.next()) else { throw DomainError.unreadable }
    self.login = login
    name = try column.next()
    createdAt = try column.next()
    droppedAt = try column.next()
  }
}
