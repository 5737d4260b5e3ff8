// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// How our verdicts and another parser's may go together. Everything else is a defect.
struct JSONAgreement {
  /// What we say (nil: accepted) and what Python may say to it.
  static let withPython: [JSONError.Code?: Set<JSONPythonOracle.Verdict>] = [
    // The same documents, with the same reading.
    nil: [.accepted],
    // Python decodes the whole text first, so that bad UTF-8 behind a fault of grammar, a
    // duplicate or half a pair comes first there.
    .malformed: [.malformed, .notUTF8],
    .invalidUTF8: [.notUTF8],
    .duplicateKey: [.duplicateKey, .notUTF8],
    // Python keeps half a surrogate pair and goes on to later faults.
    .loneSurrogate: [.loneSurrogate, .malformed, .duplicateKey, .notUTF8],
  ]
}

/// A parser under test: the code that it refuses with, or how it reads the document.
typealias JSONReader = @Sendable ([UInt8]) -> Result<[UInt8], JSONError>

@Suite(
  "JSONDocument beside Python",
  .enabled(if: Python.isAvailable, "python3 is not installed"))
struct JSONDifferentialTests {
  static let reader: JSONReader = { bytes in
    do throws(JSONError) {
      return .success(JSONReading.of(try JSONDocument(parsing: bytes, limits: .unlimited)))
    } catch {
      return .failure(error)
    }
  }

  /// The documents, each with Python's opinion, that `reader` disagrees about.
  private func disagreements(
    _ documents: [[UInt8]], _ opinions: [JSONPythonOracle.Opinion], _ reader: JSONReader
  ) -> [[UInt8]] {
    zip(documents, opinions).filter { document, opinion in
      switch reader(document) {
      case .success(let reading):
        opinion.verdict != .accepted || opinion.reading != reading
      case .failure(let error):
        JSONAgreement.withPython[error.code]?.contains(opinion.verdict) != true
      }
    }.map(\.0)
  }

  private func ask(_ documents: [[UInt8]]) async throws -> [JSONPythonOracle.Opinion] {
    let opinions = try await JSONPythonOracle.opinions(on: documents.map { .document($0) })
    try #require(opinions.count == documents.count)
    return opinions
  }

  private func show(_ documents: [[UInt8]]) -> Comment {
    let first = documents.first.map { String(decoding: $0, as: UTF8.self).debugDescription }
    return "\(documents.count) disagreements, first: \(first ?? "")"
  }

  @Test func readsValidDocumentsAsPythonDoes() async throws {
    var generator = JSONGenerator(seed: 1)
    let documents = (0..<generatedCases).map { _ in generator.document() }
    let found = disagreements(documents, try await ask(documents), Self.reader)
    #expect(found.isEmpty, show(found))
    #expect(documents.allSatisfy { JSONError.thrown(by: $0, limits: .unlimited) == nil })
  }

  @Test func judgesBrokenDocumentsAsPythonDoes() async throws {
    var generator = JSONGenerator(seed: 2)
    let documents = (0..<generatedCases * 2).map { _ in generator.mutatedDocument() }
    let opinions = try await ask(documents)
    let found = disagreements(documents, opinions, Self.reader)
    #expect(found.isEmpty, show(found))
    // Every class has been met, or the comparison says little.
    let met = Set(opinions.map(\.verdict))
    #expect(met == [.accepted, .loneSurrogate, .duplicateKey, .malformed, .notUTF8])
  }

  @Test(
    .enabled(if: JSONParsingSuite.directory != nil, Comment(rawValue: JSONParsingSuite.absence)))
  func judgesTheParsingSuiteAsPythonDoes() async throws {
    let documents = try JSONParsingSuite.documents("").map(\.bytes)
      // Python's stack ends at a thousand or so.
      .filter { $0.count < 50_000 }
    let found = disagreements(documents, try await ask(documents), Self.reader)
    #expect(found.isEmpty, show(found))
  }

  @Test func agreesOnEveryTruncation() async throws {
    let whole = Self.sample
    let documents = (0...whole.count).map { Array(whole[..<$0]) }
    let found = disagreements(documents, try await ask(documents), Self.reader)
    #expect(found.isEmpty, show(found))
    #expect(documents.dropLast().allSatisfy { JSONError.thrown(by: $0) != nil })
    #expect(JSONError.thrown(by: whole) == nil)
  }

  @Test func agreesOnEveryChangeOfOneByte() async throws {
    let sample = Self.sample
    let edits = sample.indices.flatMap { offset in
      (UInt8.min...UInt8.max).map { (offset: offset, byte: $0) }
    }
    let opinions = try await JSONPythonOracle.opinions(
      on: [.document(sample)] + edits.map { .edit(offset: $0.offset, byte: $0.byte) })
    try #require(opinions.count == edits.count + 1)
    var edited = sample
    for (edit, opinion) in zip(edits, opinions.dropFirst()) {
      edited[edit.offset] = edit.byte
      let code = JSONError.thrown(by: edited)?.code
      edited[edit.offset] = sample[edit.offset]
      // An expectation each would take longer than the parsing.
      if JSONAgreement.withPython[code]?.contains(opinion.verdict) != true {
        Issue.record("\(edit): \(code as Any), Python \(opinion.verdict)")
      }
    }
  }

  @Test func isReadByPythonAfterTheWriterWroteIt() async throws {
    var generator = JSONGenerator(seed: 3)
    let sources = (0..<500).map { _ in generator.document() }
    let written = try sources.map { try JSONRewriting.rewrite($0) }
    let opinions = try await ask(written)
    for (source, opinion) in zip(sources, opinions) {
      #expect(try Self.reader(source).get() == opinion.reading)
    }
  }

  /// The control: parsers with one planted defect each must be caught.
  @Test(arguments: JSONDefect.allCases)
  func catchesAPlantedDefect(_ defect: JSONDefect) async throws {
    var generator = JSONGenerator(seed: 2)
    let documents = (0..<3000).map { _ in generator.mutatedDocument() }
    let opinions = try await ask(documents)
    #expect(!disagreements(documents, opinions) { defect.read($0) }.isEmpty)
    #expect(disagreements(documents, opinions, Self.reader).isEmpty)
  }

  /// About a kilobyte with every feature of the grammar.
  static let sample: [UInt8] = Array(
    #"""
    {
      "event_type": "tool_call", "event_id": "01890a5d-ac96-774b-bcce-b302099a8057",
      "timestamp": "2025-01-01T00:00:00.123456Z",
      "event_data": {
        "tool": "bash", "args": {"command": "grep -n \"caf\u00e9\" *.txt | head\n", "timeout": 30},
        "numbers": [0, -0, 1.10, -12.5e-3, 1E+400, 9007199254740993, 18446744073709551616],
        "literals": [true, false, null, [], {}, [[]], {"a": {}}],
        "text": "é € 日本 𝄞 e\u0301 \uD834\uDD1E \u0000 \/ \\ \b\f\r\t",
        "caf\u00e9": 1, "café ": 2, "": 3, "a": 4, "b": 5, "c": 6, "d": 7, "e": 8, "f": 9,
        "\u0067": 10, "h": 11, "i": 12,
        "output": "total 8\ndrwxr-xr-x  2 agent agent 4096 Jan  1 00:00 .\n"
      },
      "tags": ["autonomous", "governance", "caf\u00e9"]
    }
    """#.utf8)
}

/// Ways in which lax parsers are wrong.
enum JSONDefect: CaseIterable, Sendable {
  case trailingComma, repeatedKey, roundedNumber, replacedUTF8, byteOrderMark

  func read(_ bytes: [UInt8]) -> Result<[UInt8], JSONError> {
    let honest = JSONDifferentialTests.reader(bytes)
    switch (self, honest) {
    case (.roundedNumber, .success(let reading)):
      return .success(
        Array(
          String(decoding: reading, as: UTF8.self)
            .replacing("9007199254740993", with: "9007199254740992").utf8))
    case (.trailingComma, .failure(let error)) where error.code == .malformed:
      return JSONDifferentialTests.reader(withoutTrailingCommas(bytes))
    case (.repeatedKey, .failure(let error)) where error.code == .duplicateKey:
      return .success([])
    case (.replacedUTF8, .failure(let error)) where error.code == .invalidUTF8:
      return JSONDifferentialTests.reader(Array(String(decoding: bytes, as: UTF8.self).utf8))
    case (.byteOrderMark, .failure(let error)) where error.code == .malformed:
      return JSONDifferentialTests.reader(Array(bytes.drop { [0xEF, 0xBB, 0xBF].contains($0) }))
    default:
      return honest
    }
  }

  private func withoutTrailingCommas(_ bytes: [UInt8]) -> [UInt8] {
    var lax: [UInt8] = []
    for byte in bytes {
      if [0x5D, 0x7D].contains(byte), lax.last == 0x2C { lax.removeLast() }
      lax.append(byte)
    }
    return lax
  }
}
