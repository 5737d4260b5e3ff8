// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

@testable import Governance

/// The documented questions, asked by an analyst's login, against answers computed without SQL.
@Suite(.serialized, .database)
struct ComplianceQueriesTests {
  private static let tenants = [
    "0190b0a4-7c3d-7e55-9c11-000000000001", "0190b0a4-7c3d-7e55-9c11-000000000002",
  ]
  private static let parameters = [
    "from": "2026-10-10 00:00:00+00", "until": "2026-10-28 00:00:00+00", "user": "user-3",
    "actor": "user:user-5", "agent": "agent-5",
  ]
  /// When the recordings that are made expire.
  private static let later = ["from": "2026-12-20 00:00:00+00", "until": "2027-01-10 00:00:00+00"]

  private static func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: ProjectFiles.root() + "/sql/queries")
      .filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }.sorted()
  }

  /// Two tenants of other sizes; the first is asked for.
  private func withRecords(_ body: (AnalystGround, ComplianceRecords) async throws -> Void)
    async throws
  {
    let database = TestDatabase.current
    let psql = Psql(postgres: database.server.postgres, database: database.name)
    for (tenant, size) in zip(Self.tenants, ["3000", "1000"]) {
      try await psql.run([
        "-v", "tenant=\(tenant)", "-v", "recordings=\(size)", "-v", "events=4", "-v", "agents=13",
        "-v",
        "users=20", "-v", "days=60", "-v", "until=2026-11-01 00:00:00+00", "-f",
        ProjectFiles.root() + "/scripts/compliance.d/generate.sql",
      ])
    }
    try await database.psql("analyze")
    let records = try await ComplianceRecords.load(Self.tenants[0], from: database)
    let tenant = try #require(TenantID(Self.tenants[0]))
    try await AnalystGround.with(tenant) { ground in try await body(ground, records) }
  }

  private func ask(
    _ name: String, with parameters: [String: String], as ground: AnalystGround
  ) async throws -> [String] {
    let given = parameters.flatMap { ["-v", "\($0.key)=\($0.value)"] }
    let said = try await ground.psql(
      given + [
        "-v", "ON_ERROR_STOP=1", "-c", "set timezone = 'UTC'", "-f",
        try ProjectFiles.root() + "/sql/queries/\(name).sql",
      ])
    #expect(said.errors == "", "\(name)")
    return said.output.split(separator: "\n").map(String.init)
  }

  private static func microseconds(_ text: String) throws -> Int {
    let time = try #require(
      Timestamp(rfc3339: text.replacing(" ", with: "T").replacing("+00", with: "Z")))
    return Int(time.microseconds)
  }

  @Test func everyQuestionIsAnsweredRightly() async throws {
    try await withRecords { ground, records in
      // One that was looked at, by somebody who was refused.
      let looked = records.audit.first {
        $0["action"] == "replay_recording" && $0["outcome"] == "refused"
      }
      let recording = try #require(looked).text("recording_id")
      let files = try Self.files()
      #expect(files.count == 25)
      for name in files {
        var parameters = Self.parameters.merging(["recording": recording]) { $1 }
        if name.hasPrefix("20-") { parameters.merge(Self.later) { $1 } }
        let from = try Self.microseconds(try #require(parameters["from"]))
        let until = try Self.microseconds(try #require(parameters["until"]))
        let answers = ComplianceAnswers(
          records: records, period: from..<until, user: "user-3", actor: "user:user-5",
          recording: recording, agent: "agent-5")
        let all = answers.all
        #expect(all.keys.sorted() == files)
        let expected = try #require(all[name], "no answer to \(name)")
        let found = try await ask(name, with: parameters, as: ground)
        #expect(!expected.isEmpty, "\(name) is about nothing")
        #expect(found == expected, "\(name)")
        guard name.hasPrefix("25-") else { continue }
        for cause in ["cleared", "expired"] {
          #expect(expected.contains { $0.hasPrefix("recovery_session|\(cause)|") }, "\(cause)")
        }
      }
    }
  }

  /// Each file says what it answers and what it wants, and the documentation shows all of them.
  @Test func everyQuestionIsDocumented() async throws {
    let root = try ProjectFiles.root()
    let documentation = try String(
      contentsOfFile: root + "/docs/compliance-queries.md", encoding: .utf8)
    for name in try Self.files() {
      let text = try String(contentsOfFile: root + "/sql/queries/\(name).sql", encoding: .utf8)
      let lines = text.split(separator: "\n").map(String.init)
      try #require(lines.count > 2)
      #expect(lines[0].hasPrefix("-- ") && lines[0].hasSuffix("?"), "\(name)")
      let given = lines[1].dropFirst("-- Given: ".count).dropLast().split(separator: ", ")
      #expect(lines[1].hasPrefix("-- Given: "), "\(name)")
      for parameter in given { #expect(text.contains(":'\(parameter)'"), "\(name): \(parameter)") }
      #expect(documentation.contains("[\(name)](../sql/queries/\(name).sql)"), "\(name)")
      #expect(documentation.contains(lines[0].dropFirst(3)), "\(name)")
    }
  }
}
