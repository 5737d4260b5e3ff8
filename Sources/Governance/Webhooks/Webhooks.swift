// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

/// The register of webhooks.
package struct Webhooks: Sendable {
  /// How a deployment sends them.
  package struct Settings: Sendable {
    /// Sends one message; nil: nothing is sent by this process.
    package var deliver: (@Sendable (WebhookMessage) async -> WebhookOutcome)?
    /// Whether `http://` is taken: for development and test.
    package var takesPlainHTTP = false

    /// Settings under which nothing is sent.
    package init() {}
  }

  private let gate: Gate
  private let redactors: Redactors
  private let settings: Settings

  /// Wires the operations to the gate.
  init(gate: Gate, redactors: Redactors, settings: Settings) {
    self.gate = gate
    self.redactors = redactors
    self.settings = settings
  }

  /// Has notices sent from now on, and returns the secret that signs them, which is shown this once.
  ///
  /// - Throws: `validationFailed` for a URL that is not https or holds a token, and when the tenant has
  ///   enough webhooks.
  package func create(
    _ draft: WebhookDraft, by caller: Caller
  ) async throws -> (webhook: Webhook, secret: String) {
    guard draft.url.isSecure || settings.takesPlainHTTP else {
      throw DomainError.invalid("/url", "bad_value", "It must be an https:// URL.")
    }
    try await redactors.find(caller.tenant).rules.requireNoToken(in: [("/url", draft.url.text)])
    let (id, secret) = (WebhookID.make(), try WebhookSecret.make())
    let gate = gate
    return try await gate.perform(.createWebhook, by: caller, naming: .webhook(id)) {
      transaction, _ in
      try await Self.requireRoom(of: caller.tenant, in: transaction)
      let row = try await gate.vault.activeTenantKey(of: caller.tenant, in: transaction)
      let tenantKey = try gate.vault.tenantKey(row, of: caller.tenant)
      let sealed = try Self.sealed(secret, tenantKey, id, caller.tenant)
      let rows = try await transaction.execute(
        .insertWebhook(
          id, draft, sealed, tenantKey.id, of: caller.tenant, by: caller.principal.actor))
      return (try Self.only(rows), secret.text)
    }
  }

  /// One webhook.
  package func find(_ id: WebhookID, by caller: Caller) async throws -> Webhook {
    try await gate.perform(.readWebhooks, by: caller, naming: .webhook(id)) { transaction, _ in
      try Self.only(try await transaction.execute(.webhook(id, of: caller.tenant)))
    }
  }

  /// The webhooks in order of their creation, at most 1000 after the given one.
  package func list(after id: WebhookID? = nil, by caller: Caller) async throws -> [Webhook] {
    try await gate.perform(.readWebhooks, by: caller) { transaction, note in
      let rows = try await transaction.execute(.webhooks(after: id, of: caller.tenant))
      note.amend(count: rows.count)
      return try rows.map { try Webhook($0) }
    }
  }

  /// Sends nothing any more; again changes nothing.
  package func disable(_ id: WebhookID, by caller: Caller) async throws -> Webhook {
    try await gate.perform(.disableWebhook, by: caller, naming: .webhook(id)) { transaction, _ in
      try Self.only(
        try await transaction.execute(
          .disableWebhook(id, of: caller.tenant, by: caller.principal.actor)))
    }
  }

  /// Sends again what is behind the last notice that was delivered, as far as it is kept; a webhook that
  /// is not disabled is tried at once.
  package func enable(_ id: WebhookID, by caller: Caller) async throws -> Webhook {
    try await gate.perform(.enableWebhook, by: caller, naming: .webhook(id)) { transaction, _ in
      let webhook = try Self.only(
        try await transaction.execute(.webhook(id, of: caller.tenant)))
      if webhook.disabledAt != nil {
        try await Self.requireRoom(of: caller.tenant, in: transaction)
      }
      return try Self.only(try await transaction.execute(.enableWebhook(id, of: caller.tenant)))
    }
  }

  /// Makes sure that one more may live; nobody else makes one up to the end of the transaction.
  private static func requireRoom(
    of tenant: TenantID, in transaction: PostgresTransaction
  ) async throws {
    let results = try await transaction.pipeline([
      .lockWebhooks(of: tenant), .countWebhooks(of: tenant),
    ])
    guard let count = try results.last?.first?.decode(0, as: Int64.self) else {
      throw DomainError.unreadable
    }
    guard count < Int64(Webhook.maximumCount) else {
      throw DomainError.invalid(
        "", "too_many", "There are \(Webhook.maximumCount) webhooks already: disable one first.")
    }
  }

  private static func sealed(
    _ secret: WebhookSecret, _ tenantKey: TenantKey, _ id: WebhookID, _ tenant: TenantID
  ) throws(DomainError) -> [UInt8] {
    do {
      return try tenantKey.seal(webhookSecret: secret.bytes, tenant: tenant.uuid, webhook: id.uuid)
    } catch {
      throw DomainError(sealing: error)
    }
  }

  private static func only(_ rows: QueryResult) throws -> Webhook {
    guard let row = rows.first else { throw DomainError(.notFound, "There is no such webhook.") }
    return try Webhook(row)
  }
}

extension AuditMention {
  /// Names a webhook.
  static func webhook(_ id: WebhookID, _ details: [String: String] = [:]) -> AuditMention {
    AuditMention(details: details.merging(["webhook_id": id.description]) { $1 })
  }
}
