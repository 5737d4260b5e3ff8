// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension Query {
  /// The policy in force with its rules, in one statement: what two would see could differ. Read by
  /// `RedactionPolicy.init(_:)`.
  static func policy(of tenant: TenantID) -> Query {
    Query(
      """
      select
        r.name, r.literal_position, r.literal, r.characters, r.minimum_length, r.maximum_length,
        p.version, p.switched_off, p.created_at, p.created_by
      from (
        select version, switched_off, created_at, created_by
        from hansard.redaction_policies
        where tenant_id = $1
        order by version desc
        limit 1
      ) as p
      left join hansard.redaction_rules as r
        on r.tenant_id = $1
        and r.version = p.version
      order by r.name
      """, tenant.uuid)
  }

  /// The version of the policy in force, and the key that fingerprints are made with; no row for a
  /// tenant without a key.
  static func redactionBasis(of tenant: TenantID) -> Query {
    Query(
      """
      select
        coalesce(
          (
            select max(p.version)
            from hansard.redaction_policies as p
            where p.tenant_id = $1), 0),
        \(WrappedTenantKey.columns(of: "k"))
      from hansard.tenant_keys as k
      where k.tenant_id = $1
        and k.state = 'active'
      """, tenant.uuid)
  }

  /// Lets one at a time set a tenant's policy, up to the end of the transaction: the next version
  /// follows the one before, and each audit entry has what was before it.
  static func lockPolicy(of tenant: TenantID) -> Query {
    Query(
      "select pg_advisory_xact_lock(hashtextextended($1, 0))",
      "hansard.redaction_policies \(tenant)")
  }

  static func insertPolicy(
    _ version: Int, _ draft: RedactionPolicyDraft, of tenant: TenantID, by actor: String
  ) -> Query {
    Query(
      """
      insert into hansard.redaction_policies (tenant_id, version, switched_off, created_by)
      values ($1, $2, $3, $4)
      returning created_at
      """, tenant.uuid, Int32(clamping: version), draft.switchedOff, actor)
  }

  static func insertRule(
    _ rule: CustomSecret, _ version: Int, of tenant: TenantID
  ) -> Query {
    Query(
      """
      insert into hansard.redaction_rules (
        tenant_id, version, name, literal_position, literal, characters, minimum_length,
        maximum_length)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      """, tenant.uuid, Int32(clamping: version), rule.name, rule.position.rawValue, rule.literal,
      rule.characters.rawValue, Int32(clamping: rule.length.lowerBound),
      Int32(clamping: rule.length.upperBound))
  }
}

extension RedactionPolicy {
  /// Reads what `Query.policy` returns: a row for each rule, at least one.
  init(_ rows: QueryResult) throws {
    guard let first = rows.first else {
      self = .standard
      return
    }
    version = Int(try first.decode(6, as: Int32.self))
    switchedOff = try first.decode(7)
    setAt = try first.decode(8, as: Timestamp.self)
    setBy = try first.decode(9, as: String.self)
    rules = try rows.compactMap { try CustomSecret($0) }
  }
}

extension CustomSecret {
  /// Nil in the row of a policy without rules.
  fileprivate init?(_ row: Row) throws {
    var column = row.reader()
    guard let name = try column.next(String?.self) else { return nil }
    let position: Position = try column.word()
    let literal = try column.next(String.self)
    let characters: ByteClass = try column.word()
    let (low, high) = (Int(try column.next(Int32.self)), Int(try column.next(Int32.self)))
    do {
      guard low <= high else { throw DomainError.unreadable }
      try self.init(
        name: name, position: position, literal: literal, characters: characters, length: low...high
      )
    } catch is Fault {
      // Saved by a build that had other rules for rules.
      throw DomainError.unreadable
    }
  }
}
