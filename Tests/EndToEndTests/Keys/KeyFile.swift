// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// The key file of a deployment, as an operator changes it: whole, or not at all.
struct KeyFile: Sendable {
  let deployment: Deployment

  private var lines: [String] {
    get throws {
      try String(contentsOfFile: deployment.masterKeyFile, encoding: .utf8)
        .split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }
  }

  /// Puts a new key on top; returns its id.
  func addKey() async throws -> String {
    let file = deployment.file("next-\(UUID().uuidString).key")
    try await deployment.run(["master-key", "create", file])
    let line = try String(contentsOfFile: file, encoding: .utf8)
      .split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    try write(line + lines, to: deployment.masterKeyFile)
    return String(line.first?.split(separator: " ").first ?? "")
  }

  /// Takes out all but the first key.
  func removeOldKeys() throws {
    try write(Array(lines.prefix(1)), to: deployment.masterKeyFile)
  }

  /// The path of another file, with nothing but the first key.
  func makeFileWithoutOldKeys() throws -> String {
    let path = deployment.file("first-\(UUID().uuidString).key")
    try write(Array(lines.prefix(1)), to: path)
    return path
  }

  private func write(_ lines: [String], to path: String) throws {
    let next = deployment.file("next-\(UUID().uuidString)")
    guard
      FileManager.default.createFile(
        atPath: next, contents: Data((lines.joined(separator: "\n") + "\n").utf8),
        attributes: [.posixPermissions: 0o600]), rename(next, path) == 0
    else { throw TestSupportError("the key file cannot be changed") }
  }
}
