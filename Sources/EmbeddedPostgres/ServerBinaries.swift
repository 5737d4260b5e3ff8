// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where PostgreSQL's server programs are.
package struct ServerBinaries: Sendable, Equatable {
  /// The environment variable that names the directory and wins over every search.
  package static let variable = "HANSARD_POSTGRES_BIN"

  /// Absolute path of the directory that holds `initdb`, `postgres` and the client programs.
  package var directory: String

  package init(directory: String) {
    self.directory = directory
  }

  /// Looks in `HANSARD_POSTGRES_BIN` (nowhere else when it is set), `pg_config --bindir`,
  /// `/usr/lib/postgresql/*/bin` (newest first) and `PATH`.
  ///
  /// `majorVersion` is that of an existing data directory: Debian's directory of that version
  /// comes first then, because another version refuses to start on it. Throws
  /// `.binariesNotFound`. Blocks: runs `pg_config`.
  package static func find(
    majorVersion: Int? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(EmbeddedPostgresError) -> ServerBinaries {
    var searched: [String] = []
    for candidate in candidates(majorVersion: majorVersion, environment: environment)
    where !searched.contains(candidate) {
      searched.append(candidate)
      if isComplete(candidate) { return ServerBinaries(directory: candidate) }
    }
    throw .binariesNotFound(searched: searched)
  }

  /// Absolute path of one of the programs, for example `pg_dump`.
  package func path(_ program: String) -> String { "\(directory)/\(program)" }

  private static func candidates(
    majorVersion: Int?, environment: [String: String]
  ) -> [String] {
    if let chosen = environment[variable], !chosen.isEmpty { return [chosen] }
    let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    var all: [String] = []
    if let majorVersion { all.append("\(debianRoot)/\(majorVersion)/bin") }
    for directory in path where access("\(directory)/pg_config", X_OK) == 0 {
      if let answer = bindir(of: "\(directory)/pg_config") { all.append(answer) }
      break
    }
    return all + debianDirectories() + path
  }

  private static func bindir(of program: String) -> String? {
    do throws(EmbeddedPostgresError) {
      let answer = try ChildProcess.runBlocking([program, "--bindir"], within: .seconds(10))
      let text = answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
      return answer.status == .exited(0) && text.hasPrefix("/") ? text : nil
    } catch {
      // A broken pg_config is no reason to stop: the other places are still to be looked at.
      return nil
    }
  }

  private static let debianRoot = "/usr/lib/postgresql"

  private static func debianDirectories() -> [String] {
    guard let names = FileManager.default.enumerator(atPath: debianRoot) else { return [] }
    var versions: [Int] = []
    for case let name as String in names {
      names.skipDescendants()
      if let version = Int(name) { versions.append(version) }
    }
    return versions.sorted(by: >).map { "\(debianRoot)/\($0)/bin" }
  }

  private static func isComplete(_ directory: String) -> Bool {
    ["initdb", "postgres"].allSatisfy { access("\(directory)/\($0)", X_OK) == 0 }
  }
}
