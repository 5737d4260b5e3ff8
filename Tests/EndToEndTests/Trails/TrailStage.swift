// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import HansardClient
import TestSupport

/// A service, a tenant of it, and files to bring in by `hansard import recovery-audit`.
struct TrailStage: Sendable {
  let service: Service
  let deployment: Deployment
  let keys: [String: String]
  let directory: String

  static func with(_ name: String, _ body: (TrailStage) async throws -> Void) async throws {
    let deployment = try await Deployment.shared()
    let keys = try await deployment.makeTenant(name).makeKeys([
      "recorder": .init("recorder"), "auditor": .init("auditor"), "admin": .init("admin"),
    ]).mapValues(\.text)
    let directory = try TemporaryDirectory.make("trails")
    defer { TemporaryDirectory.remove(directory) }
    try await deployment.withService { service in
      try await body(
        TrailStage(service: service, deployment: deployment, keys: keys, directory: directory))
    }
  }

  /// Writes a file and returns its path.
  func file(_ name: String, _ bytes: some Collection<UInt8>) throws -> String {
    let path = "\(directory)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Brings files in, as the recorder unless another key is named.
  func importing(
    _ files: [String], _ more: [String] = [], as key: String = "recorder"
  ) async throws -> Executable.Outcome {
    try await Executable.run(
      command(files) + more, environment: ["HANSARD_KEY": keys[key] ?? ""], within: .seconds(240))
  }

  func command(_ files: [String]) -> [String] {
    ["import", "recovery-audit", "--url", service.url] + files
  }

  /// Brings a file in on a process of its own; what it prints goes to the file `output`.
  func start(_ file: String, output: String) throws -> ChildProcess {
    let descriptor = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw TestSupportError("cannot write \(output)") }
    defer { close(descriptor) }
    let environment = ["HANSARD_KEY": keys["recorder"] ?? ""]
    return try ChildProcess.start(
      .init(
        command: [try Executable.path()] + command([file]),
        environment: ChildProcess.plainEnvironment.merging(environment) { $1 },
        output: descriptor))
  }

  /// Everything that the tenant keeps, read back over HTTP.
  func kept() async throws -> [RecoveryEntry] {
    let client = try HansardClient(
      baseURL: service.url, apiKey: keys["admin"].map { APIKey($0) })
    var kept: [RecoveryEntry] = []
    for session in try await client.recoverySessions() {
      kept += try await client.recoveryHistory(of: session)
    }
    return kept
  }
}
