// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The logins of the database that read a tenant's records in schema `compliance`.
///
/// Which tenant a login reads is kept here; the login itself is `AnalystLogins`', since the service may
/// make none.
package struct Analysts: Sendable {
  let gate: Gate
  let redactors: Redactors

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors) {
    self.gate = gate
    self.redactors = redactors
  }

  /// Maps a new login to the tenant.
  ///
  /// - Parameters:
  ///   - make: Makes the login; the mapping is committed after that. What it throws should be no error of the
  ///     database's, which would be taken for one of this one's.
  ///   - unmake: Takes a login back that may have been made, where the mapping was not committed. One that is
  ///     left without a mapping reads nothing.
  package func create(
    name: DisplayName, by caller: Caller,
    making make: @escaping @Sendable (AnalystLogin) async throws -> Void,
    unmaking unmake: (AnalystLogin) async -> Void
  ) async throws -> Analyst {
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [("/name", name.rawValue)])
    let login = try AnalystLogin.make()
    do {
      return try await gate.perform(.createAnalyst, by: caller, naming: Self.mention(login)) {
        transaction, _ in
        let rows = try await transaction.execute(
          .insertAnalyst(login, name: name, of: caller.tenant, by: caller.principal.actor))
        let analyst = try Self.only(rows)
        try await make(login)
        return analyst
      }
    } catch {
      await unmake(login)
      throw error
    }
  }

  /// The tenant's analysts in the order in which they were made, those too who are dropped; a thousand at most.
  package func list(by caller: Caller) async throws -> [Analyst] {
    try await gate.perform(.readAnalysts, by: caller) { transaction, _ in
      try await transaction.execute(.analysts(of: caller.tenant)).map { try Analyst($0) }
    }
  }

  /// Takes the tenant away from a login, with its next statement; doing so again changes nothing.
  package func drop(_ login: AnalystLogin, by caller: Caller) async throws -> Analyst {
    try await gate.perform(.dropAnalyst, by: caller, naming: Self.mention(login)) {
      transaction, _ in
      try Self.only(
        try await transaction.execute(
          .dropAnalyst(login, of: caller.tenant, by: caller.principal.actor)))
    }
  }

  private static func mention(_ login: AnalystLogin) -> AuditMention {
    AuditMention(details: ["login": login.rawValue])
  }

  private static func only(_ rows: QueryResult) throws -> Analyst {
    guard let row = rows.first else { throw DomainError(.notFound, "There is no such analyst.") }
    return try Analyst(row)
  }
}
