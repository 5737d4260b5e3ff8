// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

/// What an append needs to know of a recording and what never changes while it is open: whose it is,
/// and the key that its events are sealed under.
struct RecordingContext: Sendable {
  let tenant: TenantID
  let recording: RecordingID
  let owner: UserID
  let agent: AgentID
  let key: DataKey

  var facts: AccessFacts { AccessFacts(owner: owner, agent: agent) }
  var mention: AuditMention { AuditMention(recording: recording, agent: agent, user: owner) }
}

/// Finds contexts, and keeps those of recordings that are being written for up to five minutes.
///
/// Whether the recording is still open, and the caller's key still live, is not kept: the append
/// itself asks under its locks.
struct RecordingContexts: Sendable {
  let database: Database
  let vault: KeyVault
  private let cache = BoundedCache<Name, RecordingContext>(limit: 4096, lifetime: .seconds(300))

  init(database: Database, vault: KeyVault) {
    self.database = database
    self.vault = vault
  }

  /// The context of `recording`; nil when the tenant has no such recording.
  func find(_ recording: RecordingID, of tenant: TenantID) async throws -> RecordingContext? {
    let name = Name(tenant: tenant, recording: recording)
    if let known = cache[name] { return known }
    let rows = try await database.read(.recordingContext(tenant, recording), of: tenant)
    guard let row = rows.first else { return nil }
    let context = try RecordingContext(row, tenant, recording, vault)
    cache.put(context, for: name)
    return context
  }

  /// Forgets `recording`, which is over.
  func forget(_ recording: RecordingID, of tenant: TenantID) {
    cache.remove(Name(tenant: tenant, recording: recording))
  }

  private struct Name: Hashable {
    let tenant: TenantID
    let recording: RecordingID
  }
}
