// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Protection
import TestSupport

/// schemathesis, which sends a service what its OpenAPI document describes and holds the answers to it, and
/// the Python that it runs in, which can read YAML.
enum Schemathesis {
  /// What is run, and how much of it.
  struct Settings: Sendable {
    /// Draws for each operation and phase.
    var draws: Int
    /// `examples`, `coverage`, `fuzzing`, `stateful`.
    var phases: [String]
    /// Options of the program, such as which operations: all where none are named.
    var options: [String] = []
  }

  /// The interpreter that `scripts/setup --test` makes.
  private static func interpreter() throws -> String {
    let path = try ProjectFiles.root() + "/.build/schemathesis/bin/python"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw TestSupportError("schemathesis is not installed: run scripts/setup --test")
    }
    return path
  }

  /// Sends `service` what the document at `path` describes, as whoever bears `key`; the bearer of `peer` must
  /// not see what is made so. All checks are on; what is set otherwise is in
  /// `scripts/test.d/schemathesis.toml`.
  static func run(
    _ settings: Settings, of path: String, against service: Service, as key: Tenant.Key,
    peer: Tenant.Key
  ) async throws -> Executable.Outcome {
    let folder = try TemporaryDirectory.make("schemathesis")
    defer { TemporaryDirectory.remove(folder) }
    let callers = "\(folder)/callers.json"
    try write([("caller", key), ("peer", peer)], to: callers)
    let files = try ProjectFiles.root() + "/scripts/test.d"
    let (status, output) = try await ChildProcess.run(
      ["/usr/bin/env", "-C", folder, try interpreter(), "-m", "schemathesis.cli"]
        + ["--config-file", "\(files)/schemathesis.toml", "run", path, "--url", service.url]
        + ["--max-examples", String(settings.draws)]
        + ["--phases", settings.phases.joined(separator: ",")]
        + ["--continue-on-failure", "--no-color"] + settings.options,
      environment: ChildProcess.plainEnvironment.merging([
        "HANSARD_AUTH": callers, "PYTHONPATH": files, "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
      ]) { $1 },
      within: .seconds(60 * Effort.contractMinutes - 100))
    return Executable.Outcome(status: status, output: output)
  }

  /// Writes the keys to ask with, for their owner's eyes only.
  private static func write(
    _ callers: [(name: String, key: Tenant.Key)], to path: String
  ) throws {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("auth")
      writer.array { writer in
        for (name, key) in callers {
          writer.object { writer in
            writer.key("name")
            writer.string(name)
            writer.key("fixedHeaders")
            writer.array { writer in
              writer.object { writer in
                writer.key("name")
                writer.string("Authorization")
                writer.key("value")
                writer.string("Bearer \(key.text)")
              }
            }
          }
        }
      }
    }
    let isWritten = FileManager.default.createFile(
      atPath: path, contents: Data(writer.bytes), attributes: [.posixPermissions: 0o600])
    guard isWritten else { throw TestSupportError("cannot write \(path)") }
  }

  /// Runs a program in the same Python and returns what it printed, which is JSON.
  static func python(_ program: String, _ arguments: [String]) async throws -> JSONValue {
    let (status, output) = try await ChildProcess.run(
      [try interpreter(), "-c", program] + arguments, environment: ChildProcess.plainEnvironment)
    guard status == .exited(0) else { throw TestSupportError("python: \(output)") }
    return try JSONDocument(parsing: Array(output.utf8), limits: .unlimited).root
  }
}
