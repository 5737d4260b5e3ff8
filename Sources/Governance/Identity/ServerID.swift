// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// An identifier that Hansard made: a UUID, written in lower case.
package struct ServerID<Kind>: Sendable, Hashable, CustomStringConvertible {
  /// The 128 bits.
  package let uuid: UUID

  /// Wraps an existing UUID.
  package init(_ uuid: UUID) { self.uuid = uuid }

  /// Reads the canonical 36-character form, in either case; nil for anything else.
  package init?(_ text: String) {
    guard let uuid = UUID(digits: text.utf8, hyphens: true) else { return nil }
    self.uuid = uuid
  }

  /// A new version 7 UUID: sorted by creation time.
  package static func make() -> Self { Self(UUID.version7()) }

  /// The canonical lower-case form.
  package var description: String { uuid.text }
}

/// The kinds of server-made ids; never instantiated.
package enum TenantKind {}
/// See `TenantKind`.
package enum RecordingKind {}
/// See `TenantKind`.
package enum EventKind {}
/// See `TenantKind`.
package enum APIKeyKind {}
/// See `TenantKind`.
package enum FlagKind {}
/// See `TenantKind`.
package enum RequestKind {}
/// See `TenantKind`.
package enum AuditKind {}
/// See `TenantKind`.
package enum ReviewKind {}
/// See `TenantKind`.
package enum WebhookKind {}

/// A tenant: the outermost wall.
package typealias TenantID = ServerID<TenantKind>
/// A recording.
package typealias RecordingID = ServerID<RecordingKind>
/// An event; the caller may choose it, to be able to send it again.
package typealias EventID = ServerID<EventKind>
/// An API key's public half.
package typealias KeyID = ServerID<APIKeyKind>
/// One flag in a recording's history.
package typealias FlagID = ServerID<FlagKind>
/// One request, as in its log lines and audit entries.
package typealias RequestID = ServerID<RequestKind>
/// One line of the audit log.
package typealias AuditID = ServerID<AuditKind>
/// A review, of which a recording has one.
package typealias ReviewID = ServerID<ReviewKind>
/// A webhook.
package typealias WebhookID = ServerID<WebhookKind>
