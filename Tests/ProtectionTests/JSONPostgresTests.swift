// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// What PostgreSQL makes of a document: as `json` and as `jsonb`.
struct JSONPostgresOpinion: Hashable {
  enum Verdict: Hashable {
    case accepted
    /// 22P02, and 22P05 of `jsonb` for U+0000.
    case refused
    /// Not UTF-8, or a raw NUL, before any parser saw it.
    case notText
    /// A number beyond `numeric`; `jsonb` only.
    case outOfRange
  }

  let json: Verdict
  let jsonb: Verdict

  /// What we say (nil: accepted) and what PostgreSQL may say to it. All other combinations are
  /// defects.
  static func agrees(_ code: JSONError.Code?, _ opinion: JSONPostgresOpinion) -> Bool {
    switch (code, opinion.json, opinion.jsonb) {
    // `jsonb` cannot hold an escaped U+0000 or a number with too many digits; we keep bytes.
    case (nil, .accepted, _): true
    // The text is decoded before it is parsed, so that bad UTF-8 comes first there.
    case (.malformed?, .notText, _), (.invalidUTF8?, .notText, _): true
    // `jsonb` may stumble over an earlier number.
    case (.malformed?, .refused, let binary): binary != .accepted
    // `json` does not look at keys, `jsonb` lets the last one win; both find later faults.
    case (.duplicateKey?, .accepted, _), (.duplicateKey?, .notText, _): true
    case (.duplicateKey?, .refused, let binary): binary != .accepted
    // `json` only looks at the digits of an escape; `jsonb` wants both halves.
    case (.loneSurrogate?, _, let binary): binary != .accepted
    default: false
    }
  }

  fileprivate init?(_ answer: Substring) {
    let states = answer.split(separator: "/").compactMap { Self.verdicts[String($0)] }
    guard states.count == 2 else { return nil }
    (json, jsonb) = (states[0], states[1])
  }

  private static let verdicts: [String: Verdict] = [
    "00000": .accepted, "22P02": .refused, "22P05": .refused, "22021": .notText,
    "22003": .outOfRange,
  ]
}

@Suite("JSONDocument beside PostgreSQL", .emptyDatabase)
struct JSONPostgresTests {
  @Test func judgesDocumentsAsPostgresDoes() async throws {
    var generator = JSONGenerator(seed: 7)
    let documents = (0..<generatedCases).map { number in
      number % 3 == 0
        ? generator.document(repeatsKeys: number % 2 == 0) : generator.mutatedDocument()
    }
    let opinions = try await opinions(on: documents)
    let found = disagreements(documents, opinions, JSONDifferentialTests.reader)
    #expect(found.isEmpty, "\(found.count), first: \(found.first ?? "")")
    // Every class has been met, or the comparison says little.
    #expect(Set(opinions.map(\.json)) == [.accepted, .refused, .notText])
    #expect(opinions.contains { $0.json == .accepted && $0.jsonb == .refused })
    #expect(opinions.contains { $0.json == .accepted && $0.jsonb == .outOfRange })

    // The control: a parser that lets a trailing comma pass is caught.
    let lax = disagreements(documents, opinions) { JSONDefect.trailingComma.read($0) }
    #expect(!lax.isEmpty)
  }

  @Test(
    .enabled(if: JSONParsingSuite.directory != nil, Comment(rawValue: JSONParsingSuite.absence)))
  func judgesTheParsingSuiteAsPostgresDoes() async throws {
    let documents = try JSONParsingSuite.documents("").map(\.bytes)
      // PostgreSQL's stack ends at some thousand.
      .filter { $0.count < 50_000 }
    let found = disagreements(
      documents, try await opinions(on: documents), JSONDifferentialTests.reader)
    #expect(found.isEmpty, "\(found.count), first: \(found.first ?? "")")
  }

  private func disagreements(
    _ documents: [[UInt8]], _ opinions: [JSONPostgresOpinion], _ reader: JSONReader
  ) -> [String] {
    zip(documents, opinions).compactMap { document, opinion in
      var code: JSONError.Code?
      if case .failure(let error) = reader(document) { code = error.code }
      guard !JSONPostgresOpinion.agrees(code, opinion) else { return nil }
      let text = String(decoding: document, as: UTF8.self).debugDescription
      return "\(text): \(code as Any), PostgreSQL \(opinion)"
    }
  }

  /// Through `psql` and a file: a parameter is text, which not every document is.
  private func opinions(on documents: [[UInt8]]) async throws -> [JSONPostgresOpinion] {
    let directory = try TemporaryDirectory.make("json")
    defer { TemporaryDirectory.remove(directory) }
    let rows = documents.enumerated().map { number, bytes in
      "\(number)\t\\\\x" + bytes.map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
    }
    try Data((rows.joined(separator: "\n") + "\n").utf8)
      .write(to: URL(fileURLWithPath: "\(directory)/documents"))
    let database = TestDatabase.current
    let answer = try await Psql(postgres: database.server.postgres, database: database.name).run([
      "-c", Self.judge, "-c", "\\copy document from '\(directory)/documents'",
      "-c", "select judge(body) from document order by number",
    ])
    let opinions = answer.split(separator: "\n").compactMap(JSONPostgresOpinion.init)
    try #require(opinions.count == documents.count, "\(answer.prefix(200))")
    return opinions
  }

  /// The SQLSTATEs of reading a document as `json` and as `jsonb`.
  private static let judge = """
    create table document (number integer, body bytea);
    create function judge(body bytea) returns text language plpgsql as $$
    declare
      content text;
      first text := '00000';
      second text := '00000';
    begin
      begin
        content := convert_from(body, 'UTF8');
      exception when others then
        return sqlstate || '/' || sqlstate;
      end;
      begin
        perform content::json;
      exception when others then
        first := sqlstate;
      end;
      begin
        perform content::jsonb;
      exception when others then
        second := sqlstate;
      end;
      return first || '/' || second;
    end $$;
    """
}
