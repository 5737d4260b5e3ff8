// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import API

@Suite struct RequestTargetTests {
  @Test(arguments: [
    ("/", [""]), ("/a", ["a"]), ("/a/b", ["a", "b"]), ("/a/", ["a", ""]), ("//a", ["", "a"]),
    ("/a/./b", ["a", ".", "b"]), ("/a%2Fb", ["a%2Fb"]), ("/a;b=c", ["a;b=c"]),
  ])
  func splitsThePathAndNormalisesNothing(_ target: String, _ segments: [String]) {
    let parsed = RequestTarget(target)
    #expect(parsed.segments.map(String.init) == segments)
    #expect(parsed.query == nil)
  }

  @Test func takesEverythingBehindTheFirstQuestionMarkAsQuery() {
    let target = RequestTarget("/a?b=c?d&e")
    #expect(target.segments.map(String.init) == ["a"])
    #expect(target.query.map(String.init) == "b=c?d&e")
    #expect(RequestTarget("/a?").query.map(String.init) == "")
  }
}

@Suite struct PercentEncodingTests {
  @Test(arguments: [
    ("", ""), ("abc", "abc"), ("%41", "A"), ("%c3%a9", "é"), ("a+b", "a+b"), ("%2B", "+"),
    ("%F0%9F%98%80", "😀"), ("%25", "%"),
  ])
  func decodes(_ text: String, _ decoded: String) {
    #expect(PercentEncoding.decode(text[...]) == decoded)
  }

  @Test(arguments: [
    "%", "%4", "%zz", "%4z", "a%", "%00", "%ff", "%c0%af", "%ed%a0%80", "%c3", "%%41", "%+1",
  ])
  func refusesBrokenEscapesAndBytesThatAreNoText(_ text: String) {
    #expect(PercentEncoding.decode(text[...]) == nil)
  }

  @Test(arguments: ["", "abc-._~", "a b", "é😀", "a/b?c#d&e=f", "<>\""])
  func decodesWhatItEncodes(_ text: String) {
    let encoded = PercentEncoding.encode(text)
    #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>\"&=".utf8.contains($0) })
    #expect(PercentEncoding.decode(encoded[...]) == text)
  }
}
