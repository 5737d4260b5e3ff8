// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

@Suite("JSONWalk")
struct JSONWalkTests {
  private func steps(_ source: String) throws -> [String] {
    try JSONDocument(parsing: Array(source.utf8)).walk.map(describe)
  }

  private func describe(_ step: JSONWalk.Step) -> String {
    let raw = String(decoding: step.value.rawBytes, as: UTF8.self)
    let key = step.key.map { String(decoding: $0.rawBytes, as: UTF8.self) } ?? "-"
    return step.isKey ? "key \(raw)" : "\(key) \(raw)"
  }

  @Test func namesTheKeyOfEveryValue() throws {
    #expect(
      try steps(#"{"a":[1,{"b":"x"},"y"],"c":{"d":null,"e":[]},"f":[["z"]],"g":2}"#) == [
        #"- {"a":[1,{"b":"x"},"y"],"c":{"d":null,"e":[]},"f":[["z"]],"g":2}"#,
        #"key "a""#, #""a" [1,{"b":"x"},"y"]"#, #""a" 1"#, #""a" {"b":"x"}"#,
        #"key "b""#, #""b" "x""#, #""a" "y""#,
        #"key "c""#, #""c" {"d":null,"e":[]}"#, #"key "d""#, #""d" null"#,
        #"key "e""#, #""e" []"#,
        #"key "f""#, #""f" [["z"]]"#, #""f" ["z"]"#, #""f" "z""#,
        #"key "g""#, #""g" 2"#,
      ])
  }

  @Test func namesNoKeyOutsideMembers() throws {
    #expect(try steps(#"["a",["b"]]"#) == [#"- ["a",["b"]]"#, #"- "a""#, #"- ["b"]"#, #"- "b""#])
    #expect(try steps("7") == ["- 7"])
  }

  @Test func passesOverWhatIsInside() throws {
    let source = #"[{"a":{"b":[1]},"c":2},[3,[4]],5]"#
    let document = try JSONDocument(parsing: Array(source.utf8))
    var walk = document.walk.makeIterator()
    var seen: [String] = []
    while let step = walk.next() {
      let raw = String(decoding: step.value.rawBytes, as: UTF8.self)
      seen.append(raw)
      if [#""a""#, "[3,[4]]", "5"].contains(raw) { walk.skipInside() }
    }
    #expect(
      seen == [source, #"{"a":{"b":[1]},"c":2}"#, #""a""#, #""c""#, "2", "[3,[4]]", "5"])
    walk.skipInside()
    #expect(walk.next() == nil)
  }

  /// What a redaction does with the spans: copy, replace the hits, copy the rest.
  @Test func rewritesNothingButTheHits() throws {
    let source = #" {"token" : "s\u0065cret", "n":[1.10 , {"token":[ "x" ]}] } "#
    let bytes = Array(source.utf8)
    let document = try JSONDocument(parsing: bytes)
    var walk = document.walk.makeIterator()
    var output: [UInt8] = []
    var copied = 0
    while let step = walk.next() {
      guard let key = step.key, key.isText("token") else { continue }
      output += bytes[copied..<step.value.span.lowerBound] + Array(#""[R]""#.utf8)
      copied = step.value.span.upperBound
      walk.skipInside()
    }
    output += bytes[copied...]
    #expect(
      String(decoding: output, as: UTF8.self)
        == #" {"token" : "[R]", "n":[1.10 , {"token":"[R]"}] } "#)
  }
}
