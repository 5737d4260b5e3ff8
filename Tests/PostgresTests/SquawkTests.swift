// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

@testable import Postgres

/// squawk, a linter of migrations, finds nothing in the project's that is not explained.
///
/// In a file that is not released yet, a comment explains, with `-- squawk-ignore RULE` below it; what was
/// released is explained in `scripts/test.d/squawk-excuses`.
@Suite struct SquawkTests {
  @Test(.timeLimit(.minutes(5))) func everyFindingIsExplained() async throws {
    let excuses = try Excuses.load()
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    let findings = try await Squawk.findings(in: set)
    #expect(excuses.unexplained(findings, of: set) == [])
    // An excuse that nothing needs hides what comes next.
    #expect(excuses.unused(by: findings, of: set) == [])
    #expect(findings.count > 100)
  }

  /// The planted defects: what a migration of ours must not do, and what only a file that loses data may.
  @Test func aBadMigrationIsNoticed() async throws {
    let set = migrationSet(
      (up: "select 1;", down: "select 1;"),
      (
        up: """
        alter table hansard.tenants alter column name type varchar(80);
        create index by_name on hansard.tenants (name);
        """,
        down: "alter table hansard.tenants drop column name;"
      ))
    let findings = try await Squawk.findings(in: set)
    let unexplained = try Excuses.load().unexplained(findings, of: set).map(\.rule)
    for rule in ["changing-column-type", "require-concurrent-index-creation", "ban-drop-column"] {
      #expect(unexplained.contains(rule), "\(rule)")
    }
  }

  /// Why a finding stands is said above the line that has it stand.
  @Test func whatIsIgnoredInAFileIsExplained() throws {
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    for file in set.migrations.flatMap({ [$0.up, $0.down] }) {
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
      for (before, line) in zip(lines, lines.dropFirst()) where line.contains("squawk-ignore") {
        let why = before.drop { $0 == " " }
        #expect(why.hasPrefix("-- ") && why.count > 20, "\(file.name): \(line)")
      }
    }
  }
}

/// The program that `scripts/setup --test` installs.
private enum Squawk {
  struct Finding: Hashable, Decodable, CustomStringConvertible {
    var file: String
    /// Counts from 0.
    var line: Int
    var rule: String
    var message: String

    enum CodingKeys: String, CodingKey {
      case file
      case line
      case rule = "rule_name"
      case message
    }

    var description: String { "\(file):\(line + 1): \(rule): \(message)" }
  }

  /// Each file is shown as the migrator sends it: with its timeouts, in a transaction unless the file says
  /// otherwise.
  static func findings(in set: MigrationSet) async throws -> [Finding] {
    let directory = try TemporaryDirectory.make("squawk")
    defer { TemporaryDirectory.remove(directory) }
    var findings: [Finding] = []
    for isTransactional in [true, false] {
      let files = set.migrations.flatMap { [$0.up, $0.down] }
        .filter { $0.isTransactional == isTransactional }
      for file in files {
        // On the first line, so that the numbers of the others stay.
        let text = "set lock_timeout = 500; set statement_timeout = 3600000; \(file.text)"
        try text.write(toFile: "\(directory)/\(file.name)", atomically: true, encoding: .utf8)
      }
      findings += try await lint(files.map(\.name), in: directory, isTransactional)
    }
    return findings
  }

  private static func lint(
    _ files: [String], in directory: String, _ isTransactional: Bool
  ) async throws -> [Finding] {
    guard !files.isEmpty else { return [] }
    let path = try ProjectFiles.root() + "/.build/squawk/bin/squawk"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw TestSupportError("squawk is not installed: run scripts/setup --test")
    }
    let options = isTransactional ? ["--assume-in-transaction"] : []
    let (status, output) = try await ChildProcess.run(
      ["/usr/bin/env", "-C", directory, path, "--pg-version=15.0", "--reporter=json"] + options
        + files, environment: ChildProcess.plainEnvironment, within: .seconds(100))
    // 1: there is something; anything else is another matter.
    guard status == .exited(0) || status == .exited(1) else {
      throw TestSupportError("squawk: \(status) \(output)")
    }
    guard let start = output.firstIndex(of: "["), let end = output.lastIndex(of: "]") else {
      throw TestSupportError("squawk said: \(output)")
    }
    return try JSONDecoder().decode([Finding].self, from: Data(output[start...end].utf8))
  }
}

/// `scripts/test.d/squawk-excuses`.
private struct Excuses {
  struct Excuse: Hashable {
    /// A file's name; `*` any, `*.down.sql` any down, `destructive` a down that says it loses data.
    var file: String
    var rule: String
    var why: String

    func covers(_ finding: Squawk.Finding, in set: MigrationSet) -> Bool {
      guard finding.rule == rule else { return false }
      switch file {
      case "*": return true
      case "*.down.sql": return finding.file.hasSuffix(".down.sql")
      case "destructive":
        return set.migrations.contains { $0.down.name == finding.file && $0.isDownDestructive }
      default: return file == finding.file
      }
    }
  }

  private let all: [Excuse]

  /// Lines of `FILE RULE: why`; a line that begins with two blanks goes on with the reason before it.
  static func load() throws -> Excuses {
    let path = try ProjectFiles.root() + "/scripts/test.d/squawk-excuses"
    var all: [Excuse] = []
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("#") || line.hasPrefix("  ") { continue }
      let parts = line.split(separator: ":", maxSplits: 1)
      let names = parts.first?.split(separator: " ") ?? []
      guard parts.count == 2, names.count == 2, parts[1].count > 20 else {
        throw TestSupportError("squawk-excuses: not an excuse: \(line)")
      }
      all.append(
        Excuse(file: String(names[0]), rule: String(names[1]), why: String(parts[1])))
    }
    return Excuses(all: all)
  }

  func unexplained(_ findings: [Squawk.Finding], of set: MigrationSet) -> [Squawk.Finding] {
    findings.filter { finding in !all.contains { $0.covers(finding, in: set) } }
  }

  func unused(by findings: [Squawk.Finding], of set: MigrationSet) -> [Excuse] {
    all.filter { excuse in !findings.contains { excuse.covers($0, in: set) } }
  }
}
