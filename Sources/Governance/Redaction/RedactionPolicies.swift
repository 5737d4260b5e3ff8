// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
package import Protection

/// What tenants have redacted: shown, set, and tried out.
package struct RedactionPolicies: Sendable {
  let gate: Gate
  let redactors: Redactors

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors) {
    self.gate = gate
    self.redactors = redactors
  }

  /// The policy in force.
  package func find(by caller: Caller) async throws -> RedactionPolicy {
    try await gate.perform(.readRedaction, by: caller) { transaction, _ in
      try await Self.current(of: caller.tenant, in: transaction)
    }
  }

  /// Sets the next version of the tenant's policy. It holds for what is sent from now on: on this
  /// instance at once, on others within `Redactors.lifetime`.
  ///
  /// - Parameter version: The one that the caller has seen: another one in force is not overwritten.
  /// - Throws: `validationFailed` with pointers into `{switched_off, rules}`; `changedMeanwhile` where that
  ///   version is not in force any more.
  package func set(
    _ draft: RedactionPolicyDraft, replacing version: Int, by caller: Caller
  ) async throws -> RedactionPolicy {
    let draft = try draft.checked()
    let policy = try await gate.perform(.manageRedaction, by: caller) { transaction, note in
      // A statement of its own: what is read next must see what the one before has committed.
      _ = try await transaction.execute(.lockPolicy(of: caller.tenant))
      let before = try await Self.current(of: caller.tenant, in: transaction)
      note.amend { $0.details["version"] = "\(before.version)" }
      guard before.version == version else {
        throw DomainError(.changedMeanwhile, "The policy has been changed meanwhile.")
      }
      let version = version + 1
      let results = try await transaction.pipeline(
        [.insertPolicy(version, draft, of: caller.tenant, by: caller.principal.actor)]
          + draft.rules.map { .insertRule($0, version, of: caller.tenant) })
      guard let row = results.first?.first else { throw DomainError.unreadable }
      note.amend { $0.details = Self.changes(from: before, to: draft, version) }
      return RedactionPolicy(
        version: version, switchedOff: draft.switchedOff, rules: draft.rules,
        setAt: try row.decode(0), setBy: caller.principal.actor)
    }
    redactors.forget(caller.tenant)
    return policy
  }

  /// What `sample` would become, under the policy in force or another one; nothing is stored but the
  /// audit entry, which does not hold the sample.
  ///
  /// - Throws: `validationFailed` with pointers into `{sample, policy}`.
  package func attempt(
    _ sample: JSONValue, under draft: RedactionPolicyDraft?, by caller: Caller
  ) async throws -> Redaction {
    let draft = try draft?.checked(at: "/policy")
    try await gate.perform(.tryRedaction, by: caller) { _, _ in () }
    let current = try await redactors.find(caller.tenant)
    guard let draft else { return try current.redact(sample) }
    let policy = RedactionPolicy(
      version: 0, switchedOff: draft.switchedOff, rules: draft.rules, setAt: nil, setBy: nil)
    return try current.with(policy.compiled()).redact(sample)
  }

  private static func current(
    of tenant: TenantID, in transaction: PostgresTransaction
  ) async throws -> RedactionPolicy {
    try RedactionPolicy(try await transaction.execute(.policy(of: tenant)))
  }

  private static func changes(
    from before: RedactionPolicy, to draft: RedactionPolicyDraft, _ version: Int
  ) -> [String: String] {
    [
      "version": "\(version)",
      "switched_off_before": before.switchedOff.joined(separator: " "),
      "switched_off_after": draft.switchedOff.joined(separator: " "),
      "rules_before": before.rules.map(\.name).joined(separator: " "),
      "rules_after": draft.rules.map(\.name).joined(separator: " "),
    ]
  }
}
