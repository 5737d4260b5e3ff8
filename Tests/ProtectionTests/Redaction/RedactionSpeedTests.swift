// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import Testing

/// Time grows with the input and not faster, whatever the input.
@Suite("Redaction speed", .serialized)
struct RedactionSpeedTests {
  private let redactor: Redactor

  init() throws {
    redactor = Redactor(rules: .standard, key: try TenantKey.generate())
  }

  struct Shape: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Repeated as the inside of a JSON string.
    let unit: String
    var before = ""
  }

  private static let shapes: [Shape] = [
    Shape(testDescription: "JWT heads", unit: "eyJ"),
    Shape(testDescription: "JWT heads with dots", unit: "eyJhbGciOiJ."),
    Shape(testDescription: "PEM heads", unit: "-----BEGIN " + "PRIVATE KEY-----"),
    Shape(
      testDescription: "PEM heads of PGP", unit: "-----BEGIN " + "PGP PRIVATE KEY BLOCK-----\\n"),
    Shape(testDescription: "dashes", unit: "-"), Shape(testDescription: "at signs", unit: "@"),
    Shape(testDescription: "a@", unit: "a@"), Shape(testDescription: "a@a.", unit: "a@a."),
    Shape(testDescription: "a.", unit: "a."), Shape(testDescription: "digits", unit: "4"),
    Shape(testDescription: "spaced digits", unit: "4111 "),
    Shape(testDescription: "dashed digits", unit: "4-"),
    Shape(testDescription: "plus digits", unit: "+1 "),
    Shape(testDescription: "IBAN heads", unit: "DE89 "),
    Shape(testDescription: "base64", unit: "QUJDRA+/"),
    Shape(testDescription: "hex", unit: "deadbeef"),
    Shape(testDescription: "password=", unit: "password="),
    Shape(testDescription: "password: ", unit: "password: "),
    Shape(testDescription: "password", unit: "password"),
    Shape(testDescription: "--password ", unit: "--password "),
    Shape(testDescription: "password quotes", unit: #"password=\""#),
    Shape(testDescription: "passwords", unit: "password=a1b2c3d4 "),
    Shape(testDescription: "backslashes", unit: #"\\"#),
    Shape(testDescription: "escaped quotes", unit: #"\\\""#),
    Shape(testDescription: "unicode escapes", unit: #"\u0073k-"#),
    Shape(testDescription: "nested unicode", unit: #"\\u0073k-"#),
    Shape(testDescription: "URLs", unit: "://"),
    Shape(testDescription: "URL users", unit: "a://b:"),
    Shape(testDescription: "URL user and password", unit: "x://a:b@"),
    Shape(testDescription: "query", unit: "?access_token=&"),
    Shape(testDescription: "nested JSON", unit: #"{\"a\":\"{\\\"b\\\":"#),
    Shape(testDescription: "braces", unit: #"{\""#),
    Shape(testDescription: "marker heads", unit: "[REDACTED:"),
    Shape(testDescription: "escaped marker heads", unit: "[REDACTED!"),
    Shape(testDescription: "many marks", unit: "!", before: "[REDACTED"),
    Shape(testDescription: "sk-", unit: "sk-"), Shape(testDescription: "ghp_", unit: "ghp_"),
    Shape(testDescription: "AKIA", unit: "AKIA"),
    Shape(testDescription: "Bearer", unit: "Bearer "),
    Shape(testDescription: "Authorization", unit: "Authorization: "),
    Shape(testDescription: "Cookie", unit: "Cookie: a=b; "),
    Shape(testDescription: "letters", unit: "x"),
    Shape(testDescription: "words", unit: "the quick brown fox "),
    Shape(testDescription: "CJK", unit: "日本"),
    Shape(testDescription: "curl -u", unit: "curl -u a:"),
    Shape(testDescription: "spaces", unit: " ", before: "password"),
    Shape(testDescription: "new lines", unit: "\\n", before: "password:"),
    Shape(testDescription: "hook URLs", unit: "https://hooks.slack.com/"),
    Shape(testDescription: "equals", unit: "="), Shape(testDescription: "quotes", unit: "'"),
    Shape(testDescription: "colons", unit: "a:"),
  ]

  #if DEBUG
  private static let size = 1 << 13
  #else
  private static let size = 1 << 19
  #endif

  @Test(arguments: shapes)
  func takesTwiceAsLongForTwiceAsMuch(_ shape: Shape) throws {
    let small = try document(shape, Self.size)
    let large = try document(shape, 2 * Self.size)
    var growth = Double.infinity
    // Disturbances only add time; further tries are for those.
    for _ in 0..<4 where growth > 2.3 {
      growth = min(growth, time(large) / time(small))
    }
    #expect(growth <= 2.3)
  }

  /// The control: the same measure of work that is quadratic.
  @Test func noticesQuadraticTime() {
    func work(_ n: Int) -> Duration {
      CPUClock.best(of: 3) {
        var sum = 0
        for a in 0..<n { for b in 0..<n { sum &+= a ^ b } }
        #expect(sum != 1)
      }
    }
    #expect(work(800) / work(400) > 2.3)
  }

  private func document(_ shape: Shape, _ size: Int) throws -> JSONDocument {
    let text = String(repeating: shape.unit, count: size / shape.unit.utf8.count)
    return try JSONDocument(parsing: Array("\"\(shape.before)\(text)\"".utf8), limits: .unlimited)
  }

  private func time(_ document: JSONDocument) -> Duration {
    CPUClock.best(of: 3) {
      #expect(throws: Never.self) { try redactor.redact(document.root) }
    }
  }
}
