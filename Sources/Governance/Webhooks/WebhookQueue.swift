// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

/// The webhooks that have something to tell, one instance at a time.
///
/// An instance takes a webhook by a lease in its row and gives it back when it has told what there was.
/// One that dies meanwhile gives nothing back: when the lease has run out, another tells again from the
/// place in the row. So every notice is told at least once, and in order.
struct WebhookQueue: Sendable {
  /// Longer than any attempt takes; each success renews it.
  static let lease = Duration.seconds(60)

  private let gate: Gate
  private let instance = UUID.version7()

  init(gate: Gate) { self.gate = gate }

  var observer: Observer { gate.database.observer }

  /// A webhook that may be tried.
  struct Due: Sendable, Hashable {
    let tenant: TenantID
    let id: WebhookID
  }

  /// A webhook that is this instance's for the moment.
  struct Taken: Sendable {
    let due: Due
    let url: WebhookURL
    let types: Set<String>?
    let secret: WebhookSecret
    var place: NoticePlace
    var failures: Int
    var failingSince: Timestamp?

    func wants(_ notice: Notice) -> Bool { types?.contains(notice.type) ?? true }
  }

  /// Some that may be tried, the longest due ones first.
  ///
  /// - Throws: `sealed` where the database was restored, and its notices may tell of what was erased since.
  func due(limit: Int) async throws -> [Due] {
    try await gate.erasures?.requireCurrent()
    return try await gate.database.readWithoutTenant(.dueWebhooks(limit: limit)).map { row in
      var column = row.reader()
      return Due(tenant: try column.serverID(), id: try column.serverID())
    }
  }

  /// Takes a webhook; nil where another instance was first, or it is not due any more.
  func take(_ due: Due) async throws -> Taken? {
    let rows = try await gate.database.transaction(of: due.tenant) { transaction in
      try await transaction.execute(.takeWebhook(due, by: instance, for: Self.lease))
    }
    guard let row = rows.first else { return nil }
    var column = row.reader()
    guard let url = WebhookURL(try column.next(String.self)) else { throw DomainError.unreadable }
    let types = try column.next([String]?.self).map { Set($0) }
    let sealed = try column.next([UInt8].self)
    let place = NoticePlace(xid: try column.next(), id: try column.next())
    let (failures, since) = (try column.next(Int32.self), try column.next(Timestamp?.self))
    let key = try gate.vault.tenantKey(try WrappedTenantKey(reading: &column), of: due.tenant)
    return Taken(
      due: due, url: url, types: types, secret: try Self.opened(sealed, key, due), place: place,
      failures: Int(failures), failingSince: since)
  }

  /// The notices that it has not been told.
  func page(for webhook: Taken) async throws -> NoticeReader.Page {
    try await gate.erasures?.requireCurrent()
    return try await NoticeReader(
      database: gate.database, tenant: webhook.due.tenant, ignoresHorizon: false
    ).page(after: webhook.place)
  }

  /// Keeps the place; false where the webhook is another instance's by now.
  func move(_ webhook: Taken, delivered: Bool) async throws -> Bool {
    try await update(
      .moveWebhook(webhook, by: instance, delivered: delivered, for: Self.lease), webhook)
  }

  /// Gives the webhook back.
  func release(_ webhook: Taken) async throws {
    _ = try await update(.releaseWebhook(webhook.due, by: instance), webhook)
  }

  /// Gives it back after a failure, to be tried again after `pause`.
  func postpone(_ webhook: Taken, because what: String, for pause: Duration) async throws {
    _ = try await update(
      .postponeWebhook(webhook.due, by: instance, because: what, for: pause), webhook)
  }

  /// Has nothing sent any more, enters that in the audit log and tells those concerned.
  func disable(_ webhook: Taken, _ ending: Webhook.Ending, because what: String) async throws {
    let (due, instance, gate) = (webhook.due, instance, gate)
    let caller = Caller(principal: .service(of: due.tenant), request: .make())
    let mention = AuditMention.webhook(
      due.id, ["reason": ending.rawValue, "last_failure": what])
    let outcome = await Task {
      try await gate.perform(.disableWebhook, by: caller, naming: mention) { transaction, note in
        let rows = try await transaction.execute(
          .endWebhook(due, by: instance, ending, because: what))
        guard let row = rows.first else { throw Superseded() }
        note.announce(.disabled(try Webhook(row)))
      }
    }.result
    do {
      try outcome.get()
      observer.observe(
        .webhookDisabled(tenant: due.tenant, webhook: due.id, reason: ending.rawValue))
    } catch is Superseded {
      return  // Another instance has it, or an admin was first.
    }
  }

  private struct Superseded: Error {}

  /// What has been sent is kept, also when the service is stopping: in a task that nobody cancels.
  private func update(_ query: Query, _ webhook: Taken) async throws -> Bool {
    let (database, tenant) = (gate.database, webhook.due.tenant)
    return try await Task {
      try await database.transaction(of: tenant) { transaction in
        try await transaction.execute(query).affectedRows > 0
      }
    }.value
  }

  private static func opened(
    _ sealed: [UInt8], _ key: TenantKey, _ due: Due
  ) throws(DomainError) -> WebhookSecret {
    do {
      return WebhookSecret(
        bytes: try key.open(
          webhookSecret: sealed, tenant: due.tenant.uuid, webhook: due.id.uuid))
    } catch {
      throw DomainError(sealing: error)
    }
  }
}

extension NoticeDraft {
  /// A webhook was disabled by the service; where it led is for those who may see the register.
  fileprivate static func disabled(_ webhook: Webhook) -> NoticeDraft {
    NoticeDraft(.webhookDisabled) { writer in
      writer.member("webhook_id", webhook.id)
      writer.member("reason", webhook.disabledReason)
      writer.key("failures")
      writer.int(webhook.failures)
      writer.member("last_failure", webhook.lastFailure)
      writer.member("disabled_at", webhook.disabledAt)
    }
  }
}
