// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport

/// Halts a PostgreSQL with all its processes: connections stay open, new ones are taken by the
/// kernel, and nothing is answered.
enum Freeze {
  /// Runs `body` while nothing of the server runs, and lets it go on afterwards, whatever happened.
  static func hold<T>(_ postgres: EmbeddedPostgres, _ body: () async throws -> T) async throws -> T
  {
    let postmaster = await postgres.processID
    var halted: [Int32] = []
    defer { for process in halted.reversed() { kill(process, SIGCONT) } }
    // The postmaster first: halted, it makes no more children, and reaps none whose number could
    // then become somebody else's.
    halted.append(postmaster)
    try await halt([postmaster])
    let children = await postgres.backends()
    halted += children
    try await halt(children)
    return try await body()
  }

  /// The signal is only the wish: waits until the kernel shows that it is so.
  private static func halt(_ processes: [Int32]) async throws {
    for process in processes { kill(process, SIGSTOP) }
    try await eventually("halted processes") {
      processes.allSatisfy { ["T", "Z"].contains(state(of: $0)) }
    }
  }

  /// The letter in `/proc/<id>/status`; empty where there is no such process.
  private static func state(of process: Int32) -> String {
    let status = FileManager.default.contents(atPath: "/proc/\(process)/status") ?? Data()
    let lines = String(decoding: status, as: UTF8.self).split(separator: "\n")
    let line = lines.first { $0.hasPrefix("State:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.map(String.init) ?? ""
  }
}
