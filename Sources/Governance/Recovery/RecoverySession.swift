// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import Postgres

/// A session of recovery attempts.
package struct RecoverySession: Sendable {
  /// What is left of a session that was cleared.
  package struct Tombstone: Sendable {
    /// Why there is nothing else.
    package enum Cause: String, Sendable {
      /// An admin asked for it.
      case cleared
      /// Its retention was over.
      case expired
    }

    package var cause: Cause
    package var clearedAt: Timestamp
    /// `Principal.actor`.
    package var clearedBy: String
    package var reason: String
    /// How many attempts were destroyed.
    package var attempts: Int64
  }

  package var id: SessionID
  package var agent: AgentID?
  /// The one user whom it names; nil: nobody.
  package var user: UserID?
  package var startedAt: Timestamp
  package var startedBy: String
  package var attemptCount: Int64
  package var expiresAt: Timestamp
  package var tombstone: Tombstone?
}

/// What one asks for to start a session.
package struct RecoverySessionDraft: Sendable {
  /// nil: one is made, `session_` and a UUID.
  package var id: SessionID?
  package var agent: AgentID?
  package var user: UserID?

  /// Creates a draft.
  package init(id: SessionID?, agent: AgentID?, user: UserID?) {
    self.id = id
    self.agent = agent
    self.user = user
  }
}

/// What was cleared.
package struct RecoveryClearing: Sendable {
  package var sessions: Int64
  package var attempts: Int64
}

/// Which sessions to list; every condition given must hold.
package struct RecoveryFilter: Sendable {
  package var agent: AgentID?
  package var user: UserID?
  /// Started at or after.
  package var startedAfter: Timestamp?
  /// Started before.
  package var startedBefore: Timestamp?
  /// Tombstones instead of sessions.
  package var isCleared = false

  /// Creates a filter that lets every session through.
  package init() {}
}

/// Names one entry of a session; the caller may choose it, to be able to send it again.
package typealias RecoveryEntryID = CallerID<RecoveryEntryKind>
/// See `AgentKind`.
package enum RecoveryEntryKind {}

extension SessionID {
  /// A new id of a recovery session (**seed** form).
  static func makeRecovery() -> SessionID { SessionID(made: "session_\(UUID.version7().text)") }
}

extension RecoveryEntryID {
  /// A new id of an entry (**seed** form).
  static func make() -> RecoveryEntryID { RecoveryEntryID(made: "entry_\(UUID.version7().text)") }
}

/// The part of a tenant's sessions that a principal may see: everything, or those that name its user.
enum RecoveryScope: Sendable, Equatable {
  case everything
  case naming(UserID)
  case nothing

  init(of principal: Principal) {
    switch (principal.role, principal.user) {
    case (.admin, _), (.auditor, _): self = .everything
    case (_, let user?): self = .naming(user)
    default: self = .nothing
    }
  }
}
