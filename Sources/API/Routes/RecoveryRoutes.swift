// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/recovery`: the recovery audit trail.
struct RecoveryRoutes: Sendable {
  static let prefix = "/api/recovery/sessions"

  let recovery: RecoveryAudit

  /// Those that change something, and those that read.
  var routes: [Route] { writing + reading }

  private var writing: [Route] {
    [
      Route(.post, Self.prefix, .startRecovery, body: .optionalCommand, handler: start),
      Route(
        .post, "\(Self.prefix)/{id}/attempts", .logRecovery, body: .attempts, handler: log),
      Route(.delete, "\(Self.prefix)/{id}", .clearRecovery, body: .command, handler: clear),
      Route(.delete, Self.prefix, .clearRecoveries, body: .command, handler: clearAll),
    ]
  }

  private func start(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let draft = try RecoveryBodies.session(exchange.body)
    return try await exchange.once(caller) { caller in
      try await recovery.start(draft, by: caller)
    } reply: { session in
      let location = "\(Self.prefix)/\(PercentEncoding.encode(session.id.rawValue))"
      return Reply(.created, fields: [.location: location]) { writer in
        writer.object { $0.members(of: session) }
      }
    }
  }

  /// One attempt or several, all or nothing: 201 with a receipt for each, in the same order; 200 where all
  /// of them were there already.
  private func log(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id: SessionID = try exchange.newID("session_id", as: .callerID())
    let (drafts, isBatch) = try RecoveryBodies.attempts(exchange.body)
    return try await exchange.once(caller) { caller in
      let log = { try await recovery.log(drafts, in: id, by: caller) }
      return isBatch ? try await log() : try await RecordingRoutes.unbatched(log)
    } reply: { receipts in
      Reply(receipts.allSatisfy(\.isReplay) ? .ok : .created) { writer in
        if isBatch {
          writer.array { writer in
            for receipt in receipts { writer.receipt(receipt) }
          }
        } else if let receipt = receipts.first {
          writer.receipt(receipt)
        }
      }
    }
  }

  private func clear(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recoveryID()
    let reason = try ReasonBody.read(exchange.body)
    let session = try await recovery.clear(id, because: reason, by: caller)
    return Reply { writer in
      writer.object { $0.members(of: session) }
    }
  }

  private func clearAll(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let reason = try ReasonBody.read(exchange.body)
    let cleared = try await recovery.clearAll(because: reason, by: caller)
    return Reply { writer in
      writer.object { writer in
        writer.key("cleared_sessions")
        writer.int(cleared.sessions)
        writer.key("cleared_attempts")
        writer.int(cleared.attempts)
      }
    }
  }
}

extension Exchange {
  /// The recovery session that the path names. Something that is not an id is nobody's session.
  func recoveryID() throws -> SessionID {
    try pathID(as: .callerID(), orThrow: DomainError.recoveryNotFound)
  }
}
