// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The deletion of a recording, and the routes below `/api/governance/deletions`.
struct DeletionRoutes: Sendable {
  static let prefix = "/api/governance/deletions"

  let deletions: RecordingDeletions

  /// All of them.
  var routes: [Route] {
    let item = "\(Self.prefix)/{id}"
    return [
      Route(
        .delete, "\(RecordingRoutes.prefix)/{id}", .deleteRecording, body: .command,
        handler: delete),
      Route(
        .get, Self.prefix, .readDeletions, query: ["state", "limit", "cursor"], handler: list),
      Route(.get, item, .readDeletions, handler: find),
      Route(.post, "\(item)/approve", .approveDeletion, handler: approve),
      Route(.delete, item, .refuseDeletion, body: .command, handler: refuse),
    ]
  }

  /// Done, with the certificate; or 202 with the request that somebody else has to approve.
  private func delete(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recordingID()
    let reason = try ReasonBody.read(exchange.body)
    switch try await deletions.delete(id, because: reason, by: caller) {
    case .deleted(let certificate):
      return Reply { $0.certificate(certificate) }
    case .requested(let deletion):
      return Reply(.accepted, fields: [.location: "\(Self.prefix)/\(deletion.id)"]) {
        $0.deletion(deletion)
      }
    }
  }

  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    let state: RecordingDeletion.State? = query.read("state", as: .word())
    let limit = query.limit()
    let cursor = query.read("cursor", as: .cursor)
    try query.finish()
    let page = try await deletions.list(state, limit: limit, cursor: cursor, by: caller)
    return Reply(fields: exchange.link(to: page.next)) { writer in
      writer.array { writer in
        for deletion in page.elements { writer.deletion(deletion) }
      }
    }
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let deletion = try await deletions.find(id(exchange), by: caller)
    return Reply { $0.deletion(deletion) }
  }

  private func approve(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try id(exchange)
    return try await exchange.once(caller) { caller in
      try await deletions.approve(id, by: caller)
    } reply: { certificate in
      Reply { $0.certificate(certificate) }
    }
  }

  private func refuse(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try id(exchange)
    let reason = try ReasonBody.read(exchange.body)
    let deletion = try await deletions.refuse(id, because: reason, by: caller)
    return Reply { $0.deletion(deletion) }
  }

  private func id(_ exchange: Exchange) throws -> DeletionID {
    try exchange.pathID(
      as: .serverID(),
      orThrow: DomainError(.notFound, "There is no such request for deletion."))
  }
}

extension JSONWriter {
  /// A request to delete a recording.
  fileprivate mutating func deletion(_ deletion: RecordingDeletion) {
    object { writer in
      writer.member("deletion_id", deletion.id)
      writer.member("recording_id", deletion.recording)
      writer.member("reason", deletion.reason)
      writer.member("state", deletion.state.rawValue)
      writer.member("requested_at", deletion.requestedAt)
      writer.member("requested_by", deletion.requestedBy)
      writer.member("decided_at", deletion.decidedAt)
      writer.member("decided_by", deletion.decidedBy)
      writer.member("refusal_reason", deletion.refusalReason)
    }
  }
}
