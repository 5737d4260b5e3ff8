// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection

@testable import HansardClient

/// Entries of a recovery trail as the original kept them, and what is made of them.
enum TrailFile {
  /// Entries of some sessions in turns, with everything in them that texts can have.
  static func entries(_ count: Int, sessions: Int = 3) -> [RecoveryEntry] {
    let strategies: [RecoveryStrategy] = [
      .fix, .retry, .alternative, .rollback, .escalate, "guess",
    ]
    return (0..<count).map { index in
      let number = index / sessions + 1
      let second = number % 60
      return RecoveryEntry(
        entryID: "entry_\(index)",
        timestamp: "2021-03-\(10 + number % 20)T04:\(10 + number % 50):\(second < 10 ? "0" : "")"
          + "\(second).000\(100 + index % 900)+00:00",
        sessionID: "session_\(index % sessions)", errorType: ["SyntaxError", "E 1"][index % 2],
        strategy: strategies[index % strategies.count], attemptNumber: number,
        success: index % 4 == 0, changesMade: index % 3 == 0 ? [] : ["Zeile \"é\"\n{", "}{"],
        filesModified: ["src/\(index % 7).py"], rollbackPerformed: index % 5 == 0,
        nextAction: index % 4 == 0 ? "complete" : "retry",
        durationSeconds: Double(index % 1000) / 8, errorMessage: "\\ at \(index)\r\n\t😀",
        recoveryMessage: index % 6 == 0 ? "" : "}")
    }
  }

  /// One object per line, or indented over many.
  static func text(_ entries: [RecoveryEntry], indented: Bool) -> String {
    entries.map { object($0, indented: indented) + "\n" }.joined()
  }

  static func object(_ entry: RecoveryEntry, indented: Bool = false) -> String {
    let line = indented ? "\n  " : ""
    var members = [
      ("entry_id", text(entry.entryID)), ("timestamp", text(entry.timestamp)),
      ("session_id", text(entry.sessionID)), ("error_type", text(entry.errorType)),
      ("strategy", text(entry.strategy.rawValue)),
      ("attempt_number", "\(entry.attemptNumber)"), ("success", "\(entry.success)"),
    ]
    members += [
      ("changes_made", list(entry.changesMade, indented)),
      ("files_modified", list(entry.filesModified, indented)),
      ("rollback_performed", "\(entry.rollbackPerformed)"),
      ("next_action", text(entry.nextAction ?? "")),
      ("duration_seconds", "\(entry.durationSeconds)"),
      ("error_message", text(entry.errorMessage ?? "")),
      ("recovery_message", text(entry.recoveryMessage ?? "")),
    ]
    let pairs = members.map { "\(line)\"\($0)\": \($1)" }
    return "{\(pairs.joined(separator: indented ? "," : ", "))\(indented ? "\n" : "")}"
  }

  private static func list(_ texts: [String], _ indented: Bool) -> String {
    guard indented, !texts.isEmpty else {
      return "[\(texts.map(text).joined(separator: ", "))]"
    }
    return "[\n    \(texts.map(text).joined(separator: ",\n    "))\n  ]"
  }

  private static func text(_ text: String) -> String {
    var writer = JSONWriter()
    writer.string(text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// What is wrong with what the service keeps, given what files hold.
  static func faults(of kept: [RecoveryEntry], given entries: [RecoveryEntry]) -> [String] {
    var faults: [String] = []
    let byID = Dictionary(grouping: kept, by: \.entryID)
    for entry in entries {
      var expected = entry
      expected.timestamp = entry.timestamp.replacing("+00:00", with: "Z")
      let found = byID[entry.entryID] ?? []
      if found.isEmpty { faults.append("missing: \(entry.entryID)") }
      if found.count > 1 { faults.append("twice: \(entry.entryID)") }
      if let one = found.first, one != expected { faults.append("changed: \(one), \(expected)") }
    }
    let known = Set(entries.map(\.entryID))
    return faults + byID.keys.filter { !known.contains($0) }.map { "strange: \($0)" }
  }
}
