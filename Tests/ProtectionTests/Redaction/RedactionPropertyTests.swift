// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import Testing

/// What holds for every document, secret or not.
@Suite("Redaction properties")
struct RedactionPropertyTests {
  private let redactor: Redactor

  init() throws {
    redactor = Redactor(rules: .standard, key: try TenantKey.generate())
  }

  /// How many documents each property is tried on; `HANSARD_REDACTION_CASES` asks for more.
  private static let cases: Int = {
    let asked = ProcessInfo.processInfo.environment["HANSARD_REDACTION_CASES"].flatMap { Int($0) }
    return max(1, asked ?? 600)
  }()

  private func redacted(_ text: String) throws -> Redaction {
    let document = try JSONDocument(parsing: Array(text.utf8), limits: .unlimited)
    return try redactor.redact(document.root)
  }

  @Test func writesValidDocuments() throws {
    for seed in 0..<UInt64(Self.cases) {
      var generator = SpicedGenerator(seed: seed)
      let document = generator.document()
      let output = try redacted(document).bytes
      let fault = Result { try JSONDocument(parsing: output, limits: .unlimited) }.failure
      #expect(
        fault == nil, "seed \(seed): \(document) became \(String(decoding: output, as: UTF8.self))")
    }
  }

  @Test func keepsTheBytesAroundHits() throws {
    for seed in 0..<UInt64(Self.cases) {
      var generator = SpicedGenerator(seed: seed)
      let document = generator.document()
      let output = try redacted(document).bytes
      let areKept = Survivors.areInOrder(of: output, in: Array(document.utf8))
      #expect(areKept, "\(document)\nbecame\n\(String(decoding: output, as: UTF8.self))")
    }
  }

  @Test func leavesDocumentsWithoutHitsAlone() throws {
    for seed in 0..<UInt64(Self.cases) {
      var generator = JSONGenerator(seed: seed)
      let bytes = generator.document()
      let root = try JSONDocument(parsing: bytes, limits: .unlimited).root
      let redaction = try redactor.redact(root)
      #expect(redaction.secretCount == 0, "\(String(decoding: bytes, as: UTF8.self))")
      #expect(redaction.bytes == Array(root.rawBytes))
    }
  }

  /// Redacting twice finds nothing new: it only escapes the markers of the first time. But for odd ones in
  /// a few hundred, where a forged marker or a quote without its end stands beside a secret: there the
  /// second time redacts more, never less.
  @Test func findsNothingInItsOwnOutput() throws {
    var odd: [String] = []
    for seed in 0..<UInt64(Self.cases) {
      var generator = SpicedGenerator(seed: seed)
      let text = generator.text()
      let once = try redactor.redact(text: text)
      let again = try redactor.redact(text: String(decoding: once.bytes, as: UTF8.self))
      let escaped = Survivors.escapingMarkers(once.bytes)
      guard again.bytes != escaped else { continue }
      odd.append("\(text)\nbecame\n\(String(decoding: again.bytes, as: UTF8.self))")
      let shows = Survivors.areInOrder(of: again.bytes, in: escaped)
      #expect(shows, "what was redacted shows again: \(odd.last ?? "")")
    }
    #expect(odd.count <= 1 + Self.cases / 200, "\(odd.joined(separator: "\n"))")
  }

  @Test func countsItsMarkers() throws {
    for seed in 0..<UInt64(Self.cases) {
      var generator = SpicedGenerator(seed: seed)
      let text = generator.text()
      let redaction = try redactor.redact(text: text)
      let marks = Judge.foldMarkers(redaction.bytes).count { $0 == 1 }
      let count = redaction.secretCount
      #expect(
        count == marks, "\(text)\nbecame\n\(String(decoding: redaction.bytes, as: UTF8.self))")
      #expect(redaction.counts.map(\.family) == redaction.counts.map(\.family).sorted())
    }
  }

  /// Two keys that are one secret in two spellings must not become one key.
  @Test(arguments: [
    [#"4111 1111 1111 1111"#, "4111111111111111", "4111-1111-1111-1111"],
    ["DE89 3704 0044 0532 0130 00", "DE89370400440532013000"],
    ["Alice@Example.com", "alice@example.com"], ["+1 415 555 2671", "+14155552671"],
    ["Authorization: Bearer abcdefgh12345678", "Authorization: bearer abcdefgh12345678"],
    ["[REDACTED:x:0123456789abcdef]", "[REDACTED!:x:0123456789abcdef]"],
    ["password=hunter2hunter2", "password = hunter2hunter2", "password='hunter2hunter2'"],
  ])
  func keepsKeysApart(_ keys: [String]) throws {
    let members = keys.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",")
    let output = try redacted("{\(members)}").bytes
    let document = try JSONDocument(parsing: output)
    #expect(document.root.members.map { _ in 1 }.count == keys.count)
  }

  @Test func survivesAnyBytes() throws {
    var forge = SampleForge(seed: 99)
    for seed in 0..<UInt64(Self.cases) {
      var generator = SpicedGenerator(seed: seed)
      var bytes = Array(generator.document().utf8)
      for _ in 0..<forge.int(1...6) where !bytes.isEmpty {
        let place = forge.int(0...bytes.count - 1)
        switch forge.int(0...3) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &forge.random)
        case 1: bytes.remove(at: place)
        case 2: bytes.removeSubrange(place...)
        default: bytes.insert(contentsOf: bytes.prefix(forge.int(1...40)), at: place)
        }
      }
      // Mutations that broke the document still make a text.
      if let document = try? JSONDocument(parsing: bytes, limits: .unlimited) {
        let output = try redactor.redact(document.root).bytes
        #expect(throws: Never.self) { try JSONDocument(parsing: output, limits: .unlimited) }
      }
      let text = try redactor.redact(text: String(decoding: bytes, as: UTF8.self))
      #expect(String(validating: text.bytes, as: UTF8.self) != nil)
    }
  }
}

extension Redaction {
  /// Hits of all families; escaped markers are counted beside them and are none.
  var secretCount: Int {
    counts.filter { $0.family != "escaped_marker" }.reduce(0) { $0 + $1.count }
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
