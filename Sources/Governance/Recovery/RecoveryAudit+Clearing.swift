// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension RecoveryAudit {
  /// Destroys what is in a session: its data key, and its attempts. Its tombstone stays, and with it its
  /// name, which is not given to another one. What recordings tell of attempts is theirs and stays.
  ///
  /// - Throws: `sessionCleared` where it was cleared before, `sessionExpired` where the retention worker was
  ///   first. One that has expired and is still there is cleared.
  package func clear(
    _ id: SessionID, because reason: RecordingText, by caller: Caller
  ) async throws -> RecoverySession {
    let text = try await redactors.find(caller.tenant).redact(reason.rawValue)
    return try await gate.perform(
      .clearRecovery, by: caller, naming: AuditMention(session: id),
      load: { transaction in
        transaction.enqueue(.lockRecovery(id, of: caller.tenant))
        return try await Self.load(id, in: transaction, caller)
      },
      work: { transaction, found, note in
        if found.session.tombstone != nil { try found.requireThere() }
        let results = try await transaction.pipeline(
          [
            .clearRecoveries(id, because: text, by: caller.principal.actor),
            .recovery(id, of: caller.tenant),
          ], deadline: Self.longDeadline)
        guard results.count == 2, let row = results[1].first else { throw DomainError.unreadable }
        let stored = try StoredRecovery(row)
        // The retention worker takes no lock on the name.
        guard try results[0].first?.decode(0, as: Int64.self) == 1 else {
          try stored.requireThere()
          throw DomainError.unreadable
        }
        let session = stored.session
        note.amend { [count = session.tombstone?.attempts ?? 0] in
          $0.details["attempts"] = "\(count)"
          $0.details["reason"] = text
        }
        return session
      })
  }

  /// Clears every session of the tenant.
  package func clearAll(
    because reason: RecordingText, by caller: Caller
  ) async throws -> RecoveryClearing {
    let text = try await redactors.find(caller.tenant).redact(reason.rawValue)
    return try await gate.perform(.clearRecoveries, by: caller) { transaction, note in
      let rows = try await transaction.execute(
        .clearRecoveries(nil, because: text, by: caller.principal.actor),
        deadline: Self.longDeadline)
      guard let row = rows.first else { throw DomainError.unreadable }
      let cleared = RecoveryClearing(sessions: try row.decode(0), attempts: try row.decode(1))
      note.amend {
        $0.details["sessions"] = "\(cleared.sessions)"
        $0.details["attempts"] = "\(cleared.attempts)"
        $0.details["reason"] = text
      }
      return cleared
    }
  }
}

extension Query {
  /// Clears one session of the tenant, or all of them.
  fileprivate static func clearRecoveries(
    _ id: SessionID?, because reason: String, by actor: String
  ) -> Query {
    Query(
      "select sessions, attempts from hansard.clear_recovery_sessions($1, $2, $3)",
      id?.rawValue, actor, reason)
  }
}
