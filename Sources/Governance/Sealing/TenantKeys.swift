// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Postgres
import Protection

/// The keys that other keys are wrapped under: how they stand, their rotation, and their destruction. For operators
/// at the command line.
///
/// A rotation wraps anew what was wrapped under another key, and never seals content anew. It goes in bounded
/// batches, each a transaction of its own that changes what is still wrapped as it was read, and nothing else. So any
/// number may be at it at once, each may end at any point, and whoever begins again goes on. Services read and write
/// meanwhile: what they find is wrapped under the key that stands beside it, whichever that is.
package struct TenantKeys: Sendable {
  let gate: Gate
  let redactors: Redactors
  let deletions: RecordingDeletions

  static let deadline = Duration.seconds(60)

  var vault: KeyVault { gate.vault }
  var database: Database { gate.database }

  /// The master keys that are loaded or that something is wrapped under, the current one first.
  package func masterKeys() async throws -> [MasterKeyStatus] {
    let rows = try await database.readAsRetention(.masterKeyReferences, deadline: Self.deadline)
    // Sealed, one wants to know all the more.
    let keyring = try? vault.keyring()
    var found = try rows.map { try MasterKeyStatus($0, in: keyring) }
    let known = Set(found.map(\.id))
    found += (keyring?.ids ?? []).filter { !known.contains($0) }.map {
      MasterKeyStatus(id: $0, state: keyring?.current.id == $0 ? .current : .loaded, tenantKeys: 0)
    }
    return found.filter { $0.state == .current } + found.filter { $0.state != .current }
  }

  /// The keys of a tenant, the oldest first, and how much is wrapped under each.
  package func list(of tenant: TenantID) async throws -> [TenantKeyStatus] {
    try await database.read(.tenantKeyReferences(of: tenant), of: tenant).map {
      try TenantKeyStatus($0)
    }
  }
}

/// How a master key stands.
package struct MasterKeyStatus: Sendable, Equatable {
  package enum State: String, Sendable {
    /// What is new is wrapped under it.
    case current
    /// It opens what is wrapped under it.
    case loaded
    /// Another key of that id is loaded.
    case wrong
    /// What is wrapped under it cannot be opened.
    case missing
  }

  package var id: String
  package var state: State
  /// How many tenant keys are wrapped under it.
  package var tenantKeys: Int64

  /// Whether it may be taken out of the key file.
  package var isRemovable: Bool { state != .current && tenantKeys == 0 }
}

/// How a tenant key stands.
package struct TenantKeyStatus: Sendable, Equatable {
  package enum State: String, Sendable {
    /// What is new is wrapped under it.
    case active
    /// Another has taken its place.
    case rotating
  }

  package var id: UUID
  package var state: State
  package var masterKey: String
  package var createdAt: Timestamp
  /// Data keys of recordings and of recovery sessions that are wrapped under it.
  package var recordings: Int64
  package var recoverySessions: Int64
  /// Secrets of webhooks and kept answers that are sealed under it.
  package var webhooks: Int64
  package var answers: Int64

  /// All that stands in the way of its removal.
  package var references: Int64 { recordings + recoverySessions + webhooks + answers }
}

extension MasterKeyStatus {
  fileprivate init(_ row: Row, in keyring: MasterKeyring?) throws {
    var column = row.reader()
    id = try column.next()
    let fingerprint = try column.next([UInt8].self)
    tenantKeys = try column.next()
    if let key = keyring?.key(id: id) {
      // Neither is a secret.
      let isRight = key.fingerprint == fingerprint
      state = isRight ? (keyring?.current.id == id ? .current : .loaded) : .wrong
    } else {
      state = .missing
    }
  }
}

extension TenantKeyStatus {
  fileprivate init(_ row: Row) throws {
    var column = row.reader()
    id = try column.next()
    state = try column.word()
    masterKey = try column.next()
    createdAt = try column.next()
    recordings = try column.next()
    recoverySessions = try column.next()
    webhooks = try column.next()
    answers = try column.next()
  }
}
