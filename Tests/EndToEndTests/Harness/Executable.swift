// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport

/// The `hansard` program that was built together with these tests.
enum Executable {
  static func path() throws -> String { try Companion.path("hansard") }

  /// How a command ended, and what it printed, both streams in one.
  struct Outcome: Sendable {
    var status: ExitStatus
    var output: String
  }

  /// Runs a command of it to its end, or of a copy of it.
  static func run(
    _ arguments: [String], environment: [String: String], program: String? = nil,
    within limit: Duration = .seconds(60)
  ) async throws -> Outcome {
    let variables = ChildProcess.plainEnvironment.merging(environment) { $1 }
    let (status, output) = try await ChildProcess.run(
      [program ?? path()] + arguments, environment: variables, within: limit)
    return Outcome(status: status, output: output)
  }
}
