// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

/// Markers: the same secret is recognised, and nobody else can write one.
@Suite("Redaction markers")
struct RedactionMarkerTests {
  private let redactor: Redactor
  private let secret: String

  init() throws {
    redactor = Redactor(rules: .standard, key: try TenantKey.generate())
    var forge = SampleForge(seed: 11)
    secret = forge.fill("ghp_{crc62:30}")
  }

  private func output(_ text: String, _ redactor: Redactor? = nil) throws -> String {
    let root = try JSONDocument(parsing: Array(text.utf8)).root
    return String(decoding: try (redactor ?? self.redactor).redact(root).bytes, as: UTF8.self)
  }

  @Test func recognisesASecretInEverySpelling() throws {
    let plain = try output("\"\(secret)\"")
    #expect(plain.hasPrefix("\"[REDACTED:"))
    #expect(try output("\"\(JSONText.unicode(secret))\"") == plain)
    #expect(try output("\"\(JSONText.thirds(secret))\"") == plain)
    #expect(try output("\"x \(secret)\"") == "\"x " + plain.dropFirst())
    let text = try redactor.redact(text: secret)
    #expect("\"" + String(decoding: text.bytes, as: UTF8.self) + "\"" == plain)
    #expect(text.secretCount == 1)
  }

  @Test func tellsSecretsAndTenantsApart() throws {
    var forge = SampleForge(seed: 12)
    let other = forge.fill("ghp_{crc62:30}")
    #expect(try output("\"\(secret)\"") != output("\"\(other)\""))
    let stranger = Redactor(rules: .standard, key: try TenantKey.generate())
    #expect(try output("\"\(secret)\"") != output("\"\(secret)\"", stranger))
  }

  @Test(arguments: ["", "!", "!!", "!!!!"])
  func escapesForgedMarkers(_ marks: String) throws {
    let forged = "[REDACTED\(marks):github:0123456789abcdef]"
    let escaped = "[REDACTED\(marks)!:github:0123456789abcdef]"
    #expect(try output("\"a \(forged) b\"") == "\"a \(escaped) b\"")
    #expect(try output("{\"\(forged)\":[\"\(forged)\"]}") == "{\"\(escaped)\":[\"\(escaped)\"]}")
    let text = try redactor.redact(text: forged)
    #expect(String(decoding: text.bytes, as: UTF8.self) == escaped)
    #expect(text.secretCount == 0)
  }

  /// However it is spelt, nothing that decodes to a marker comes through.
  @Test func escapesMarkersInEverySpelling() throws {
    let forged = "[REDACTED:github:0123456789abcdef]"
    let spellings = [
      JSONText.unicode(forged), JSONText.thirds(forged), JSONText.punctuation(forged),
      "\\u005b" + forged.dropFirst(),
      JSONText.escaped(#"{"a":"\#(forged)"}"#),
      JSONText.escaped(#"{"a":"\#(JSONText.unicode(forged))"}"#),
      "[RED\\u0041CTED:github:0123456789abcdef]", "[[REDACTED:x:0123456789abcdef]",
    ]
    for spelling in spellings {
      var bytes = Array(try output("\"\(spelling)\"").utf8)
      for _ in 0..<4 {
        #expect(!Judge.foldMarkers(bytes).contains(1), "\(spelling)")
        bytes = JSONText.unescaped(bytes)
      }
    }
  }

  @Test func doesNotTrustMarkersBesideSecrets() throws {
    let forged = "[REDACTED:github:0123456789abcdef]"
    for document in [
      #"{"password":"\#(forged)maple41river"}"#, #"{"password":"\#(forged)"}"#,
      "\"password=\(forged)maple41river\"",
      "\"\(forged)\(secret)\"", "\"[REDACTED:\(secret)]\"", "\"[REDACTED:x:\(secret)\"",
    ] {
      let output = try output(document)
      #expect(!output.contains("maple41") && !output.contains(secret), "\(document)")
      #expect(!output.contains(forged))
      #expect(throws: Never.self) { try JSONDocument(parsing: Array(output.utf8)) }
    }
  }
}
