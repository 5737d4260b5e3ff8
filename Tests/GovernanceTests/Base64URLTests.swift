// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@testable import Governance

struct Base64URLTests {
  /// RFC 4648, section 10, without padding; and the two characters that differ.
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
    ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
  ])
  func knowsTheVectors(bytes: String, text: String) {
    #expect(Base64URL.encode(Array(bytes.utf8)) == text)
    #expect(Base64URL.decode(text) == Array(bytes.utf8))
  }

  @Test func readsWhatItWrites() {
    #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
    for length in 0..<70 {
      let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max) }
      #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }
  }

  @Test(arguments: [
    "A", "AAAAA", "+/8", "Zg==", "Z g", "Zg\n", "Zé", "Zh", "Zm9", "\u{0}\u{0}", "Zg=", "====",
  ])
  func refuses(text: String) {
    #expect(Base64URL.decode(text) == nil)
  }
}
