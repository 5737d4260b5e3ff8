// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// The routes below `/api/governance/holds`.
struct HoldRoutes: Sendable {
  static let prefix = "/api/governance/holds"

  let holds: LegalHolds

  /// All of them.
  var routes: [Route] {
    let item = "\(Self.prefix)/{id}"
    return [
      Route(
        .get, Self.prefix, .readHolds, query: ["recording_id", "active", "limit", "cursor"],
        handler: list),
      Route(.post, Self.prefix, .placeHold, body: .command, handler: place),
      Route(.get, item, .readHolds, handler: find),
      Route(.delete, item, .liftHold, body: .command, handler: lift),
    ]
  }

  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    var filter = LegalHoldFilter()
    filter.recording = query.read("recording_id", as: .serverID())
    filter.isActive = query.read("active", as: .truth)
    let limit = query.limit()
    let cursor = query.read("cursor", as: .cursor)
    try query.finish()
    let page = try await holds.list(filter, limit: limit, cursor: cursor, by: caller)
    return Reply(fields: exchange.link(to: page.next)) { writer in
      writer.array { writer in
        for hold in page.elements { writer.hold(hold) }
      }
    }
  }

  private func place(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let (recording, reason) = try Self.draft(exchange.body)
    return try await exchange.once(caller) { caller in
      try await holds.place(on: recording, because: reason, by: caller)
    } reply: { hold in
      Reply(.created, fields: [.location: "\(Self.prefix)/\(hold.id)"]) { $0.hold(hold) }
    }
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let hold = try await holds.find(id(exchange), by: caller)
    return Reply { $0.hold(hold) }
  }

  private func lift(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try id(exchange)
    let reason = try ReasonBody.read(exchange.body)
    let hold = try await holds.lift(id, because: reason, by: caller)
    return Reply { $0.hold(hold) }
  }

  private func id(_ exchange: Exchange) throws -> LegalHoldID {
    try exchange.pathID(
      as: .serverID(), orThrow: DomainError(.notFound, "There is no such hold."))
  }

  /// `{recording_id, reason}`.
  private static func draft(
    _ bytes: [UInt8]
  ) throws(Problem) -> (recording: RecordingID, reason: RecordingText) {
    let root = try JSONDocument.request(bytes, limits: .command).root
    var reader = ObjectReader(root, known: ["recording_id", "reason"])
    let recording: RecordingID? = reader.required("recording_id", as: .serverID())
    let reason = reader.required("reason", as: ReasonBody.field)
    return try reader.finish {
      guard let recording, let reason else { return nil }
      return (recording: recording, reason: reason)
    }
  }
}

extension JSONWriter {
  /// A legal hold.
  fileprivate mutating func hold(_ hold: LegalHold) {
    object { writer in
      writer.member("hold_id", hold.id)
      writer.member("recording_id", hold.recording)
      writer.member("reason", hold.reason)
      writer.member("placed_at", hold.placedAt)
      writer.member("placed_by", hold.placedBy)
      writer.member("lifted_at", hold.lifting?.at)
      writer.member("lifted_by", hold.lifting?.by)
      writer.member("lift_reason", hold.lifting?.reason)
    }
  }
}
