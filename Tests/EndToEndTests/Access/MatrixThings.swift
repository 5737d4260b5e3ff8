// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// What the ids in the paths of the matrix name: for refusals things that stay as they are, for what is
/// done new ones, so that no cell meets what another has changed.
struct MatrixThings: Sendable {
  let stage: MatrixStage
  /// The ids that are the caller's own words.
  private static let ownWords: Set = ["agent_id", "user_id", "session_id"]
  /// By the name of the id.
  private let standing: [String: [Matrix.Thing: String]]

  static func make(on stage: MatrixStage) async throws -> MatrixThings {
    let kinds: [(String, AuditedRequests.Thing)] = [
      ("agent_id", .agent), ("user_id", .user), ("key_id", .key), ("webhook_id", .webhook),
      ("review_id", .openReview), ("session_id", .recovery), ("hold_id", .hold),
      ("deletion_id", .deletion), ("purged_recording_id", .purgedRecording),
    ]
    var standing: [String: [Matrix.Thing: String]] = ["recording_id": [:]]
    for thing in [Matrix.Thing.own, .colleague, .flagged, .foreign] {
      standing["recording_id"]?[thing] = try stage.recording(thing)
      for (name, kind) in kinds where thing != .flagged {
        standing[name, default: [:]][thing] = try await make(kind, thing, on: stage)
      }
    }
    return MatrixThings(stage: stage, standing: standing)
  }

  /// What a cell asks about; empty where neither its path nor its body names anything.
  func id(for cell: Matrix.Cell) async throws -> String {
    guard let name = cell.row.ids.first, let thing = cell.thing else {
      guard cell.request.request.thing != nil else { return "" }
      return try stage.recording(cell.caller.isOfB ? .foreign : .own)
    }
    let isOfCaller = Self.ownWords.contains(name)
    if thing == .malformed { return isOfCaller ? "%20" : "not-an-id" }
    if thing == .nonexistent {
      // What is put there must not be there for others to find.
      return "0190b0a4-7c3d-7e55-9c11-0123456789a" + (cell.row.isMaking ? "c" : "b")
    }
    if !cell.isRefused,
      cell.request.method == .delete || !isOfCaller && cell.request.method == .post,
      let kind = cell.request.request.thing
    {
      return try await Self.make(
        kind, thing, on: stage, name: "matrix-\(thing)-for-\(cell.caller)",
        for: stage.client(cell.caller))
    }
    guard let id = standing[name]?[thing] else { throw TestSupportError("no thing for \(cell)") }
    return id
  }

  private static func make(
    _ kind: AuditedRequests.Thing, _ thing: Matrix.Thing, on stage: MatrixStage,
    name: String? = nil, for reviewer: Client? = nil
  ) async throws -> String {
    let admin: Matrix.Caller = thing == .foreign ? .adminOfB : .admin
    let isAlices = thing == .own || thing == .foreign
    return try await stage.tenantA.deployment.make(
      kind, by: stage.client(admin),
      .init(
        owner: isAlices ? "alice" : "bob", name: name ?? "matrix-\(thing)",
        words: MatrixStage.words(of: admin), isFlagged: thing == .flagged, reviewer: reviewer))
  }

  /// What no answer to `caller` may hold: the words of the other tenants.
  func words(keptFrom caller: Matrix.Caller) -> [String] {
    let ofA = [MatrixStage.words(of: .admin), stage.tenantA.id]
    let ofB = [MatrixStage.words(of: .adminOfB), stage.tenantB.id]
    return caller.isAnonymous ? ofA + ofB : caller.isOfB ? ofA : ofB
  }

  /// The ids of their things, but for those that are the caller's own choice.
  func ids(keptFrom caller: Matrix.Caller) -> [String] {
    let made = standing.filter { !Self.ownWords.contains($0.key) }.values
    let ofA = made.flatMap { [$0[.own], $0[.colleague], $0[.flagged]] }.compactMap { $0 }
    let ofB = made.compactMap { $0[.foreign] }
    return caller.isAnonymous ? ofA + ofB : caller.isOfB ? ofA : ofB
  }
}
