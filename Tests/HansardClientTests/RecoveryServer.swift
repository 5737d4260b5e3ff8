// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardJSON
import NIOHTTP1
import Synchronization
import TestSupport

/// The recovery audit's routes, as far as a client can tell: sessions that start by themselves, entry
/// ids that are kept once, names of requests that are done once.
final class RecoveryServer: Sendable {
  struct Entry: Sendable, Equatable {
    var session: String
    var id: String
    var body: String
    var message: String
    var number: Int
  }

  private struct State {
    var sessions: [String] = []
    var entries: [Entry] = []
    var answers: [String: (request: String, reply: String)] = [:]
    var surprises: [String] = []
  }

  private let state = Mutex(State())

  var sessions: [String] { state.withLock { $0.sessions } }
  var entries: [Entry] { state.withLock { $0.entries } }
  var messages: [String] { entries.map(\.message) }
  /// What no client should ever make happen.
  var surprises: [String] { state.withLock { $0.surprises } }

  func reply(to request: ScriptedServer.Request) -> ScriptedServer.Reply {
    state.withLock { state in
      let path = request.path.prefix { $0 != "?" }.split(separator: "/").map(String.init)
      guard path.starts(with: ["api", "recovery", "sessions"]) else { return .answer(404, "{}") }
      guard request.method == "POST" else { return Self.read(request, path, state) }
      guard let key = request.headers["Idempotency-Key"].first else { return .answer(400, "{}") }
      let same = request.path + request.body
      if let first = state.answers[key] {
        guard first.request == same else {
          state.surprises.append("another request under \(key)")
          return Answers.refusal(422, "idempotency_mismatch")
        }
        return .answer(201, first.reply)
      }
      guard let reply = Self.write(request, path, &state) else {
        return Answers.refusal(409, "session_exists")
      }
      state.answers[key] = (same, reply)
      return .answer(201, reply)
    }
  }

  private static func write(
    _ request: ScriptedServer.Request, _ path: [String], _ state: inout State
  ) -> String? {
    guard let root = try? JSONDocument(parsing: Array(request.body.utf8)).root else { return nil }
    guard path.count == 5 else {
      let session = text(root, "session_id")
      guard !state.sessions.contains(session) else { return nil }
      state.sessions.append(session)
      return #"{"session_id":"\#(session)","session_start":"2026-11-26T00:00:00.000000Z"}"#
    }
    if !state.sessions.contains(path[3]) { state.sessions.append(path[3]) }
    guard root.kind == .array else { return add(root, path[3], &state) }
    let receipts = root.elements.map { add($0, path[3], &state) }
    return "[\(receipts.joined(separator: ","))]"
  }

  private static func add(_ value: JSONValue, _ session: String, _ state: inout State) -> String {
    let id = text(value, "entry_id")
    let body = String(decoding: value.rawBytes, as: UTF8.self)
    if let first = state.entries.first(where: { $0.id == id }) {
      if first.body != body { state.surprises.append("another entry under \(id)") }
      return receipt(first)
    }
    let number = state.entries.count { $0.session == session } + 1
    let entry = Entry(
      session: session, id: id, body: body, message: text(value, "error_message"), number: number)
    state.entries.append(entry)
    return receipt(entry)
  }

  private static func read(
    _ request: ScriptedServer.Request, _ path: [String], _ state: State
  ) -> ScriptedServer.Reply {
    guard path.count > 3 else {
      let sessions = state.sessions.map { #"{"session_id":"\#($0)"}"# }
      return .answer(200, "[\(sessions.joined(separator: ","))]")
    }
    let count = state.entries.count { $0.session == path[3] }
    return .answer(200, #"{"session_id":"\#(path[3])","total_attempts":\#(count)}"#)
  }

  private static func receipt(_ entry: Entry) -> String {
    #"{"session_id":"\#(entry.session)","entry_id":"\#(entry.id)","#
      + #""attempt_number":\#(entry.number),"recorded_at":"t"}"#
  }

  private static func text(_ value: JSONValue, _ name: String) -> String {
    value[name]?.decodedBytes().map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
