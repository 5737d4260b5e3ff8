// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import Protection
import Synchronization
import TestSupport

/// A database that is written to and erased from, and then lost; restored from a base backup and the archived log to
/// positions of chance behind the backup, and put right by the log of erasures.
struct RestoreDrill: Sendable {
  var rounds: Int
  /// Things of each kind that are erased.
  var things = 4

  /// What came of one restoration.
  struct Round: Sendable {
    /// What is wrong with what had been acknowledged when the position was reached.
    var findings: [Testimony.Finding] = []
    var acknowledged = 0
    /// Events whose leaf hash is not what the ledger computes from their columns.
    var wrongLeaves = 0
    /// Erased things that were there again.
    var survivors = 0
    /// What a service without the log told of them.
    var toldWithoutLog = 0
    /// What was not as it must be, in words.
    var faults: [String] = []
  }

  struct Report: Sendable {
    var rounds: [Round] = []
    var erased = 0
  }

  /// Plays the whole of it.
  func run() async throws -> Report {
    try await PointInTime.with { backup in
      let log = backup.deployment.file("erasure-log")
      try FileManager.default.createDirectory(
        atPath: log, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      let history = try await RestoreHistory.play(backup, log: log, things: things)
      var generator = SeededGenerator(seed: Effort.seed)
      var report = Report(erased: history.things.count)
      for round in 0..<rounds {
        let first = history.marks.first?.position ?? 0
        let last = history.marks.last?.position ?? 0
        let position = Int64.random(in: first...last, using: &generator)
        let scene = RestoreScene(
          backup: backup, history: history, log: log, position: position, number: round)
        report.rounds.append(try await scene.play())
      }
      return report
    }
  }
}
