// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

@Suite("JSONDocument duplicate keys")
struct JSONDuplicateKeyTests {
  /// An object with these keys as written, and where its duplicate should be found.
  private func fault(_ keys: [String]) -> JSONError? {
    let members = keys.map { #""\#($0)":0"# }
    return JSONError.thrown(by: "{" + members.joined(separator: ",") + "}", limits: .unlimited)
  }

  @Test(arguments: [
    (#"\u0061"#, "a"), (#"\u005c\u0022"#, #"\\\""#), (#"\ud834\udd1e"#, "𝄞"), (#"\/"#, "/"),
    (#"\u00E9"#, "é"), (#"\n"#, #"\u000a"#), (#"\u0000"#, #"\u0000"#), ("", ""),
  ])
  func comparesKeysAfterDecoding(_ one: String, _ other: String) {
    #expect(fault([one, other])?.code == .duplicateKey)
    #expect(fault([other, "between", one])?.code == .duplicateKey)
  }

  @Test(arguments: [
    ("\u{E9}", "e\u{301}"), ("K", "\u{212A}"), ("a", "A"), ("a", "a "), ("a", #"a\u0000"#),
    ("", #"\u0000"#), ("ﬁ", "fi"), (#"\\u0061"#, "a"),
  ])
  func takesDifferentBytesForDifferentKeys(_ one: String, _ other: String) {
    #expect(fault([one, other]) == nil)
  }

  @Test func allowsTheSameKeyInDifferentObjects() {
    #expect(JSONError.thrown(by: #"{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":3}}"#) == nil)
  }

  /// Around the number of keys at which the method changes, at every pair of places.
  @Test(arguments: [2, 3, 11, 12, 13, 14, 40])
  func findsTheRepeatedKeyWhereverItIs(_ count: Int) {
    for second in 1..<count {
      for first in 0..<second {
        var keys = (0..<count).map { "key\($0 % 10)\($0)" }
        #expect(second > 1 || fault(keys) == nil)
        keys[second] = keys[first]
        let offset = 1 + keys[..<second].reduce(0) { $0 + $1.utf8.count + 5 }
        #expect(
          fault(keys) == JSONError(code: .duplicateKey, offset: offset, pointer: "/" + keys[first]))
      }
    }
  }

  /// Keys that collide under the usual string hashes: `31 * h + c`, sums, lengths, prefixes.
  @Test func keepsItsPaceOnCollidingKeys() throws {
    let colliding = (0..<100_000).map { number in
      (0..<17).map { number >> $0 & 1 == 1 ? "Aa" : "BB" }.joined()
    }
    let ordinary = (0..<100_000).map { number in
      "key of some length \(100_000_000_000_000 + number &* 7919)"
    }
    #expect(fault(colliding) == nil)
    #expect(fault(colliding + [colliding[50_000]])?.code == .duplicateKey)
    let document = { (keys: [String]) in
      Array(("{" + keys.map { #""\#($0)":0"# }.joined(separator: ",") + "}").utf8)
    }
    let (evil, plain) = (document(colliding), document(ordinary))
    let evilTime = CPUClock.best(of: 5) { _ = JSONError.thrown(by: evil, limits: .unlimited) }
    let plainTime = CPUClock.best(of: 5) { _ = JSONError.thrown(by: plain, limits: .unlimited) }
    print("100k keys: \(plainTime), colliding \(evilTime)")
    #expect(evilTime < plainTime * 2)
    #if !DEBUG
    #expect(evilTime < .milliseconds(50))
    #endif
  }
}
