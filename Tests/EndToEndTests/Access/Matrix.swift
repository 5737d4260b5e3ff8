// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Who may do what with what: every route, every kind of caller, every kind of id, and the status that
/// follows from the table of routes.
enum Matrix {
  /// What the id in a path is to tenant A; the user of a bound key is always alice.
  enum Thing: String, CaseIterable, Sendable {
    /// Alice's, or about alice's.
    case own
    /// The same of bob's.
    case colleague
    /// Bob's recording, and flagged.
    case flagged
    /// Tenant B's, and alice's there.
    case foreign
    /// Nobody's.
    case nonexistent
    /// No id at all.
    case malformed
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
    // Tenant B, all alice's.
    case recorderOfB, memberOfB, reviewerOfB, auditorOfB, adminOfB

    /// nil for one without valid credentials.
    var role: String? {
      switch self {
      case .nobody, .garbled, .wrongSecret, .unknownKey, .revoked, .expired: nil
      case .recorder, .boundRecorder, .otherRecorder, .recorderOfB: "recorder"
      case .member, .memberOfB: "member"
      case .reviewer, .aliceReviewer, .reviewerOfB: "reviewer"
      case .auditor, .auditorOfB: "auditor"
      case .admin, .adminOfB: "admin"
      }
    }

    var isAnonymous: Bool { role == nil }
    var isOfB: Bool { rawValue.hasSuffix("OfB") }
    var isAlice: Bool { isOfB || [.member, .aliceReviewer].contains(self) }
  }

  /// One question and the answer that is declared for it.
  struct Cell: Sendable, CustomStringConvertible {
    let request: RouteRequest
    let row: RouteTable.Row
    let caller: Caller
    /// What the path names, or whose recording the body is about.
    let thing: Thing?
    let status: Int

    var description: String {
      "\(request.name) \(caller) \(thing?.rawValue ?? ""): \(status)"
    }

    var isRefused: Bool { status >= 400 }

    /// Whether the path names something that the caller's tenant does not have.
    var isMissing: Bool { !row.ids.isEmpty && Matrix.isMissing(thing, caller) }

    /// Whether it leaves a line in the audit log: not what is refused before anybody is asked.
    var leavesLine: Bool {
      if caller.isAnonymous || row.reach.isEmpty || thing == .malformed { return false }
      return isRefused || row.isAudited
    }
  }

  /// All that there is to ask of these routes.
  static func cells(of rows: [String: RouteTable.Row] = RouteTable.rows) throws -> [Cell] {
    try rows.sorted { $0.key < $1.key }.flatMap { name, row in
      let request = try RouteRequest(name, isOpen: row.reach.isEmpty)
      return Caller.allCases.flatMap { caller in
        things(of: row, request).map { thing in
          Cell(
            request: request, row: row, caller: caller, thing: thing,
            status: status(row, caller, thing))
        }
      }
    }
  }

  private static func things(of row: RouteTable.Row, _ request: RouteRequest) -> [Thing?] {
    switch row.ids {
    case []: request.namesOwner ? [.own, .colleague] : [nil]
    case ["recording_id"]: Thing.allCases
    default: Thing.allCases.filter { $0 != .flagged }
    }
  }

  /// The declared status.
  private static func status(_ row: RouteTable.Row, _ caller: Caller, _ thing: Thing?) -> Int {
    if row.reach.isEmpty { return row.success }
    guard let role = caller.role else { return 401 }
    let reach = row.reach[role] ?? .none
    if !row.ids.isEmpty {
      // What can be no id is said before anybody is asked.
      if thing == .malformed { return row.isMaking ? 422 : 404 }
      if isMissing(thing, caller) { return missing(row, reach, caller, thing) }
    }
    if caller == .otherRecorder { return 403 }
    guard let thing else {
      // Nothing is one's own without a name.
      return reach == .none || reach == .own && !caller.isAlice ? 403 : row.success
    }
    let isOwn = caller.isAlice && thing == (caller.isOfB && !row.ids.isEmpty ? .foreign : .own)
    return reach.covers(isOwn: isOwn, isFlagged: thing == .flagged) ? row.success : 403
  }

  /// Recordings, what is of one, and recoveries are looked for before it is decided who may use them, since that
  /// depends on whose they are; registers are nobody's. What is made is whose the body says.
  private static func missing(
    _ row: RouteTable.Row, _ reach: Reach, _ caller: Caller, _ thing: Thing?
  ) -> Int {
    guard row.isMaking else {
      let isFoundFirst = [
        "recording_id", "review_id", "session_id", "hold_id", "deletion_id",
      ].contains(row.ids.first)
      return reach == .none && !isFoundFirst ? 403 : 404
    }
    let isOwn = caller.isAlice && thing != .colleague
    return caller != .otherRecorder && reach.covers(isOwn: isOwn, isFlagged: false)
      ? row.success : 403
  }

  private static func isMissing(_ thing: Thing?, _ caller: Caller) -> Bool {
    switch thing {
    case .nonexistent: true
    case .foreign: !caller.isOfB
    case .own, .colleague, .flagged: caller.isOfB
    case .malformed, nil: false
    }
  }
}
