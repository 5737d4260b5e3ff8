// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// A tenant, made and furnished by the commands that operators use.
struct Tenant: Sendable {
  let id: String
  let deployment: Deployment

  /// What a key is made for.
  struct Draft: Sendable {
    var role: String
    var user: String?
    var agent: String?
    var expiresAt: String?

    init(_ role: String, user: String? = nil, agent: String? = nil, expiresAt: String? = nil) {
      self.role = role
      self.user = user
      self.agent = agent
      self.expiresAt = expiresAt
    }
  }

  /// A key as it is shown this once.
  struct Key: Sendable {
    let id: String
    let text: String
  }

  /// Makes a key.
  func makeKey(_ draft: Draft) async throws -> Key {
    var arguments = ["key", "create", "--tenant", id, "--role", draft.role]
    if let user = draft.user { arguments += ["--user", user] }
    if let agent = draft.agent { arguments += ["--agent", agent] }
    if let expiresAt = draft.expiresAt { arguments += ["--expires-at", expiresAt] }
    let made = try await deployment.answer(arguments)
    guard let id = try made["key_id"]?.text(), let text = try made["key"]?.text() else {
      throw TestSupportError("no key")
    }
    return Key(id: id, text: text)
  }

  /// Makes several keys, two at a time.
  func makeKeys<Name: Hashable & Sendable>(_ drafts: [Name: Draft]) async throws -> [Name: Key] {
    try await withThrowingTaskGroup(of: (Name, Key).self) { group in
      var keys: [Name: Key] = [:]
      for (index, (name, draft)) in drafts.enumerated() {
        if index >= 2, let (name, key) = try await group.next() { keys[name] = key }
        group.addTask { (name, try await makeKey(draft)) }
      }
      for try await (name, key) in group { keys[name] = key }
      return keys
    }
  }

  /// Revokes a key.
  func revoke(_ key: Key) async throws {
    try await deployment.run(["key", "revoke", key.id, "--tenant", id])
  }

  /// Registers an agent.
  func makeAgent(_ agent: String, status: String) async throws {
    try await deployment.run(["agent", "create", agent, "--status", status, "--tenant", id])
  }
}

/// Paths of the recordings' routes.
enum Paths {
  static let recordings = "/api/canvas/recording"
  static let socket = "\(recordings)/ws"
  static let stream = "\(recordings)/stream"
  static let tickets = "\(recordings)/ws-tickets"

  static func recording(_ id: String, _ rest: String = "") -> String {
    "\(recordings)/\(id)\(rest.isEmpty ? "" : "/\(rest)")"
  }
}

extension Client {
  /// Starts a recording by hand and returns its id.
  func startRecording(
    agent: String = "agent-1", user: String? = "alice", reason: String = "end to end"
  ) async throws -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("agent_id")
      writer.string(agent)
      if let user {
        writer.key("user_id")
        writer.string(user)
      }
      writer.key("reason")
      writer.string(reason)
    }
    let answer = try await send(.post, Paths.recordings + "/start", writer.bytes)
    guard answer.status == 201 else {
      throw TestSupportError("not started: \(answer.status) \(answer.text)")
    }
    return try answer.text("recording_id")
  }

  /// All events of a recording in order of `seq`, read page by page.
  func allEvents(of recording: String, limit: Int = 500) async throws -> [JSONValue] {
    var path: String? = Paths.recording(recording, "events?limit=\(limit)")
    var events: [JSONValue] = []
    while let page = path {
      let answer = try await send(.get, page, within: .seconds(60))
      guard answer.status == 200 else {
        throw TestSupportError("not read: \(answer.status) \(answer.text)")
      }
      events += try Array(answer.json["events"]?.elements ?? answer.json.elements)
      path = answer.next
    }
    return events
  }
}
