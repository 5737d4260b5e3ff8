// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The text of a ticket: `hst_<tenant id>_<secret>`, see `SecretText`. It names its tenant, so that it is
/// looked for inside of that and nowhere else.
struct TicketToken: Sendable {
  private let form: SecretText

  /// Reads a ticket; nil unless it has exactly this form.
  init?(_ text: String) {
    guard let form = SecretText(text, .ticket) else { return nil }
    self.form = form
  }

  /// A new ticket with a new secret.
  static func make(for tenant: TenantID) throws -> TicketToken {
    TicketToken(form: try .make(.ticket, id: tenant.uuid))
  }

  private init(form: SecretText) { self.form = form }

  /// The tenant that it names, which may not exist.
  var tenant: TenantID { TenantID(form.id) }

  /// What is shown once and never stored.
  var text: String { form.text }

  /// What is stored: 32 bytes.
  var secretHash: [UInt8] {
    get throws { try form.secretHash }
  }
}
