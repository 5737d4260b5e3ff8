// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport

/// Things that are there when the base backup is made and are erased afterwards, one by one, each with a word of its
/// own in everything that is said in it.
struct Erasing: Sendable {
  enum Kind: CaseIterable, Sendable {
    /// A recording that an admin deletes.
    case deleted
    /// One that is still open at the time of the backup.
    case open
    /// One that a legal hold is on at the time of the backup.
    case held
    /// One whose retention ends.
    case expired
    /// A recovery session that an admin clears.
    case session
    /// A recording of the tenant whose keys are destroyed at the end.
    case shredded
  }

  /// A thing that is erased.
  struct Thing: Sendable {
    let kind: Kind
    let id: String
    let word: String
    /// The legal hold that is on it.
    var hold: String?

    var path: String {
      kind == .session ? "/api/recovery/sessions/\(id)" : Paths.recording(id)
    }
  }

  let deployment: Deployment
  let tenant: Tenant
  let doomed: Tenant
  /// Keys of admins of the two.
  let key: String
  let doomedKey: String

  static func make(on deployment: Deployment) async throws -> Erasing {
    let tenant = try await deployment.makeTenant("restored")
    let doomed = try await deployment.makeTenant("doomed")
    return Erasing(
      deployment: deployment, tenant: tenant, doomed: doomed,
      key: try await tenant.makeKey(.init("admin", user: "root")).text,
      doomedKey: try await doomed.makeKey(.init("admin", user: "root")).text)
  }

  /// So many of each kind, mixed.
  func things(_ count: Int, on service: Service) async throws -> [Thing] {
    var things: [Thing] = []
    for number in 0..<count {
      for kind in Kind.allCases {
        things.append(try await thing(kind, "erased-\(kind)-\(number)-word", on: service))
      }
    }
    return things
  }

  private func thing(_ kind: Kind, _ word: String, on service: Service) async throws -> Thing {
    let client = client(of: kind, on: service)
    var making = Making(words: word)
    switch kind {
    case .session:
      making.name = word.replacing("-word", with: "")
      return Thing(kind: kind, id: try await client.make(.recovery, making), word: word)
    case .open:
      return Thing(kind: kind, id: try await client.make(.recording, making), word: word)
    case .deleted, .expired, .shredded, .held:
      var thing = Thing(
        kind: kind, id: try await client.make(.stoppedRecording, making), word: word)
      if kind == .held {
        let body = "{\"recording_id\":\"\(thing.id)\",\"reason\":\"a case\"}"
        thing.hold = try await client.send(.post, RetentionStage.holds, json: body)
          .text("hold_id")
      }
      return thing
    }
  }

  func client(of kind: Kind, on service: Service) -> Client {
    service.client(kind == .shredded ? doomedKey : key)
  }

  /// Erases one thing, as its kind is; those that are shredded go all together, at the end.
  func erase(_ thing: Thing, on service: Service) async throws {
    let client = client(of: thing.kind, on: service)
    let reason = Array(#"{"reason":"asked for"}"#.utf8)
    switch thing.kind {
    case .deleted: try await accepted(client.send(.delete, thing.path, reason))
    case .open:
      try await accepted(client.send(.post, Paths.recording(thing.id, "stop")))
      try await accepted(client.send(.delete, thing.path, reason))
    case .held:
      try await accepted(
        client.send(.delete, "\(RetentionStage.holds)/\(thing.hold ?? "")", reason))
      try await accepted(client.send(.delete, thing.path, reason))
    case .expired:
      try await deployment.withDatabase { connection in
        _ = try await connection.execute(
          Query(
            """
            update hansard.canvas_recordings set expires_at = clock_timestamp() - interval '1 minute'
            where recording_id = '\(thing.id)'
            """, prepared: false))
      }
    case .session:
      try await accepted(client.send(.delete, thing.path, reason))
    case .shredded: break
    }
  }

  private func accepted(_ answer: Answer) throws {
    guard answer.status == 200 else { throw TestSupportError("\(answer.status) \(answer.text)") }
  }

  /// Destroys the keys of the other tenant.
  func shred() async throws {
    try await deployment.run([
      "keys", "shred", "--tenant", doomed.id, "--confirm", doomed.id, "--reason", "they left",
    ])
  }

  /// Words of erased things that a service still tells an admin, in answers of 200.
  func told(_ things: [Thing], by service: Service) async throws -> [String] {
    var told: [String] = []
    for thing in things {
      let views = thing.kind == .session ? ["history", "export"] : ["", "events", "export"]
      let client = client(of: thing.kind, on: service)
      for view in views {
        let path = view.isEmpty ? thing.path : "\(thing.path)/\(view)"
        let answer = try await client.send(.get, path)
        if answer.status == 200, answer.text.contains(thing.word) { told.append(path) }
      }
    }
    return told
  }
}
