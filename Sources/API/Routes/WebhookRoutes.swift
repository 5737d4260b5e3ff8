// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/governance/webhooks`.
struct WebhookRoutes: Sendable {
  static let prefix = "/api/governance/webhooks"
  /// The most kinds of notices that a request may name.
  private static let maximumTypes = 64

  let webhooks: Webhooks

  /// All of them.
  var routes: [Route] {
    [
      Route(.get, Self.prefix, .readWebhooks, query: ["after"], handler: list),
      Route(.post, Self.prefix, .createWebhook, body: .command, handler: create),
      Route(.get, "\(Self.prefix)/{id}", .readWebhooks, handler: find),
      Route(.delete, "\(Self.prefix)/{id}", .disableWebhook, handler: disable),
      Route(.post, "\(Self.prefix)/{id}/enable", .enableWebhook, handler: enable),
    ]
  }

  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let after: WebhookID? = try exchange.after(as: .serverID())
    let webhooks = try await webhooks.list(after: after, by: caller)
    return RegisterPage(items: webhooks, id: \.id.description) { $0.webhook($1) }
      .reply(to: exchange)
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let webhook = try await webhooks.find(id(exchange), by: caller)
    return Reply { $0.webhook(webhook) }
  }

  private func create(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let draft = try Self.draft(exchange.body)
    return try await exchange.once(caller) { caller in
      try await webhooks.create(draft, by: caller)
    } reply: { made in
      let location = "\(Self.prefix)/\(made.webhook.id)"
      return Reply(.created, fields: [.location: location]) {
        $0.webhook(made.webhook, secret: made.secret)
      }
    }
  }

  private func disable(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let webhook = try await webhooks.disable(id(exchange), by: caller)
    return Reply { $0.webhook(webhook) }
  }

  private func enable(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try id(exchange)
    return try await exchange.once(caller) { caller in
      try await webhooks.enable(id, by: caller)
    } reply: { webhook in
      Reply { $0.webhook(webhook) }
    }
  }

  private func id(_ exchange: Exchange) throws -> WebhookID {
    try exchange.pathID(
      as: .serverID(), orThrow: DomainError(.notFound, "There is no such webhook."))
  }

  /// `{url, types?}`.
  private static func draft(_ bytes: [UInt8]) throws(Problem) -> WebhookDraft {
    let root = try JSONDocument.request(bytes, limits: .command).root
    var reader = ObjectReader(root, known: ["url", "types"])
    let url = reader.required("url", as: .webhookURL)
    let types: [Notice.Kind] = reader.condition(
      "types", maximumCount: maximumTypes, as: .word())
    return try reader.finish { url.map { WebhookDraft(url: $0, types: types) } }
  }
}

extension TextField where Value == WebhookURL {
  /// Where messages go.
  fileprivate static var webhookURL: Self {
    let reason = "It must be https://host[:port][/path][?query], in visible ASCII."
    return Self(maximumBytes: WebhookURL.maximumBytes, FieldFault(.badValue, reason)) {
      WebhookURL($0)
    }
  }
}

extension JSONWriter {
  /// A webhook; `secret` where it has just been made.
  fileprivate mutating func webhook(_ webhook: Webhook, secret: String? = nil) {
    object { writer in
      writer.member("webhook_id", webhook.id)
      if let secret { writer.member("secret", secret) }
      writer.member("url", webhook.url)
      if let types = webhook.types {
        writer.member("types", types)
      } else {
        writer.key("types")
        writer.null()
      }
      writer.member("created_at", webhook.createdAt)
      writer.member("created_by", webhook.createdBy)
      writer.member("disabled_at", webhook.disabledAt)
      writer.member("disabled_by", webhook.disabledBy)
      writer.member("disabled_reason", webhook.disabledReason)
      writer.member("delivered_at", webhook.deliveredAt)
      writer.key("failures")
      writer.int(webhook.failures)
      writer.member("failing_since", webhook.failingSince)
      writer.member("last_failure", webhook.lastFailure)
      writer.member("next_attempt_at", webhook.failures > 0 ? webhook.attemptAt : nil)
    }
  }
}
