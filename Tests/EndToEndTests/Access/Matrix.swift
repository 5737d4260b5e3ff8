// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Who may do what with whose recording: every route, every kind of caller, every kind of id, and
/// the status that is declared for it. Written down from the design, not from the code.
enum Matrix {
  /// What a recording is to tenant A; `member` is bound to alice.
  enum Thing: String, CaseIterable, Sendable {
    /// Alice's.
    case own
    /// Bob's, of the same tenant.
    case colleague
    /// Bob's, and flagged.
    case flagged
    /// Tenant B's.
    case foreign
    /// Nobody's.
    case nonexistent
    /// No id at all.
    case malformed
  }

  /// A way to touch a recording.
  enum Action: String, CaseIterable, Sendable {
    case read, events, replay, export
    case append, appendBatch, stop, flag

    var isReading: Bool { [.read, .events, .replay, .export].contains(self) }

    var method: Client.Method { isReading ? .get : .post }

    /// What follows the recording's id in the path.
    var rest: String {
      switch self {
      case .read: ""
      case .events, .replay, .export, .stop, .flag: rawValue
      case .append: "event"
      case .appendBatch: "events"
      }
    }

    var body: String? {
      switch self {
      case .read, .events, .replay, .export: nil
      case .append: #"{"event_type":"step","event_data":1}"#
      case .appendBatch: #"[{"event_type":"step","event_data":1}]"#
      case .stop: "{}"
      case .flag: #"{"flag_reason":"look at this"}"#
      }
    }

    var success: Int { [.append, .appendBatch].contains(self) ? 201 : 200 }
  }

  /// Who asks.
  enum Caller: String, CaseIterable, Sendable {
    // No valid credentials.
    case nobody, garbled, wrongSecret, unknownKey, revoked, expired
    // Tenant A.
    case recorder
    /// A recorder bound to the agent of all these recordings, and one bound to another.
    case boundRecorder, otherRecorder
    /// Alice's; a reviewer's key may have a user as well.
    case member, aliceReviewer
    case reviewer, auditor, admin

    var isAnonymous: Bool {
      [.nobody, .garbled, .wrongSecret, .unknownKey, .revoked, .expired].contains(self)
    }
  }

  /// The declared status.
  static func status(_ caller: Caller, _ action: Action, _ thing: Thing) -> Int {
    if caller.isAnonymous { return 401 }
    switch thing {
    case .foreign, .nonexistent, .malformed: return 404
    case .own, .colleague, .flagged: return isAllowed(caller, action, thing) ? action.success : 403
    }
  }

  private static func isAllowed(_ caller: Caller, _ action: Action, _ thing: Thing) -> Bool {
    switch caller {
    case .admin: true
    case .auditor: action.isReading
    case .member: thing == .own
    case .reviewer: action == .flag || (action.isReading && thing == .flagged)
    case .aliceReviewer:
      thing == .own || action == .flag || (action.isReading && thing == .flagged)
    case .recorder, .boundRecorder: [.append, .appendBatch, .stop].contains(action)
    case .otherRecorder, .nobody, .garbled, .wrongSecret, .unknownKey, .revoked, .expired: false
    }
  }

  /// One question and the answer that is declared for it.
  struct Cell: Sendable, CustomStringConvertible {
    var caller: Caller
    var action: Action
    var thing: Thing
    var status: Int

    var description: String { "\(caller) \(action) \(thing): \(status)" }
  }

  static let cells: [Cell] = Caller.allCases.flatMap { caller in
    Action.allCases.flatMap { action in
      Thing.allCases.map { thing in
        Cell(
          caller: caller, action: action, thing: thing, status: status(caller, action, thing))
      }
    }
  }
}
