// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension TenantPolicies {
  /// Takes back a shorter retention that is not in force yet: the next version of the policy has the former days.
  ///
  /// - Throws: `notFound` where none waits, or its time of grace is over.
  package func undoRetention(by caller: Caller) async throws -> TenantPolicy {
    let policy = try await gate.perform(.undoRetention, by: caller) { [self] transaction, note in
      // A statement of its own: what is read next must see what the one before has committed.
      _ = try await transaction.execute(.lockTenantPolicy(of: caller.tenant))
      let (inForce, waiting) = try await Self.retention(
        of: caller.tenant, in: transaction, isHeld: true)
      guard let waiting, !waiting.hasBegun else {
        throw DomainError(.notFound, "No shorter retention is waiting.")
      }
      let before = try await Self.current(of: caller.tenant, in: transaction)
      var terms = before.terms
      terms.retentionDays = inForce.days
      let days = inForce.effectiveDays(standard: standardDays)
      if RetentionTerms(terms).effectiveDays(standard: standardDays) < days {
        // They came of a minimum that the policy does not have any more.
        terms.retentionDays = days
      }
      return try await replace(before, by: terms, caller, note, transaction)
    }
    limiter.follow(policy, of: caller.tenant)
    return policy
  }

  /// Writes the next version of a policy; the caller has locked it.
  func replace(
    _ before: TenantPolicy, by terms: TenantPolicy.Terms, _ caller: Caller, _ note: AuditNote,
    _ transaction: PostgresTransaction
  ) async throws -> TenantPolicy {
    let version = before.version + 1
    let actor = caller.principal.actor
    let results = try await transaction.execute(
      .insertTenantPolicy(terms, version, of: caller.tenant, by: actor))
    guard let row = results.first else { throw DomainError.unreadable }
    transaction.enqueue(.setArchiving(terms, of: caller.tenant))
    note.amend { $0.details = Self.changes(from: before.terms, to: terms, version) }
    var policy = TenantPolicy(
      version: version, terms: terms, setAt: try row.decode(0), setBy: actor)
    policy.pendingRetention = try await changeRetention(policy, caller, note, transaction)
    return policy
  }

  /// Lets what the policy says of retention come into force, now or later; returns what has to wait.
  private func changeRetention(
    _ policy: TenantPolicy, _ caller: Caller, _ note: AuditNote, _ transaction: PostgresTransaction
  ) async throws -> TenantPolicy.PendingRetention? {
    let (tenant, actor) = (caller.tenant, caller.principal.actor)
    let (inForce, waiting) = try await Self.retention(of: tenant, in: transaction, isHeld: true)
    let before = inForce.effectiveDays(standard: standardDays)
    let step = RetentionStep(
      from: inForce, waiting: waiting, to: RetentionTerms(policy.terms), standard: standardDays)
    transaction.enqueue(.setRetention(step.inForce, of: tenant))
    if step.extends {
      transaction.enqueue(.undoRetentionChange(shortens: false, of: tenant, by: actor))
      transaction.enqueue(
        .insertRetentionChange(
          step.inForce, before: before, shortens: false, version: policy.version, of: tenant,
          by: actor))
      note.amend { $0.details["retention_extended"] = "true" }
    }
    if step.shortening == .kept { return waiting.flatMap { pending($0) } }
    if waiting != nil {
      transaction.enqueue(.undoRetentionChange(shortens: true, of: tenant, by: actor))
      note.amend { $0.details["retention_undone"] = "true" }
    }
    guard case .begins(let terms) = step.shortening else { return nil }
    let rows = try await transaction.execute(
      .insertRetentionChange(
        terms, before: before, shortens: true, version: policy.version, of: tenant, by: actor)
    )
    guard let row = rows.first else { throw DomainError.unreadable }
    let appliesAt = try row.decode(0, as: Timestamp.self)
    note.amend { $0.details["retention_applies_at"] = appliesAt.rfc3339 }
    return TenantPolicy.PendingRetention(
      daysBefore: before, daysAfter: terms.effectiveDays(standard: standardDays),
      appliesAt: appliesAt)
  }

  /// What of a change is still to come; nil when it has begun.
  func pending(_ change: RetentionChange) -> TenantPolicy.PendingRetention? {
    if change.hasBegun { return nil }
    return TenantPolicy.PendingRetention(
      daysBefore: change.daysBefore,
      daysAfter: change.terms.effectiveDays(standard: standardDays), appliesAt: change.appliesAt)
  }

  /// What is in force, and the shorter retention that is to come or is being applied.
  static func retention(
    of tenant: TenantID, in transaction: PostgresTransaction, isHeld: Bool
  ) async throws -> (inForce: RetentionTerms, waiting: RetentionChange?) {
    let results = try await transaction.pipeline([
      // First: what the worker does with it is done when it is held.
      .waitingShortening(of: tenant, isHeld: isHeld), .retentionInForce(of: tenant),
    ])
    guard results.count == 2, let row = results[1].first else { throw DomainError.unreadable }
    return (try RetentionTerms(row), try results[0].first.map { try RetentionChange($0) })
  }
}
