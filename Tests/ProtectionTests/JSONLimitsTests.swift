// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

@Suite("JSONLimits")
struct JSONLimitsTests {
  @Test func hasTheDocumentedDefaults() {
    #expect(
      JSONLimits() == JSONLimits(depth: 64, stringBytes: 131_072, numberBytes: 256, keys: 10_000))
  }

  private func check(
    limit: Int, _ limits: JSONLimits, _ code: JSONError.Code, _ document: (Int) -> String
  ) {
    #expect(JSONError.thrown(by: document(limit - 1), limits: limits) == nil)
    #expect(JSONError.thrown(by: document(limit), limits: limits) == nil)
    #expect(JSONError.thrown(by: document(limit + 1), limits: limits)?.code == code)
  }

  private func times(_ count: Int, _ text: String) -> String {
    String(repeating: text, count: count)
  }

  @Test func countsDepthFromTheRoot() {
    for limits in [JSONLimits(), JSONLimits(depth: 2), JSONLimits(depth: 500)] {
      check(limit: limits.depth, limits, .tooDeep) { times($0, "[") + times($0, "]") }
    }
    check(limit: 64, JSONLimits(), .tooDeep) { times($0, #"{"a":"#) + "1" + times($0, "}") }
    // Width is not depth.
    #expect(JSONError.thrown(by: "[" + times(200, "[[]],") + "0]") == nil)
    #expect(JSONError.thrown(by: "[]", limits: JSONLimits(depth: 0))?.code == .tooDeep)
    #expect(JSONError.thrown(by: "0", limits: JSONLimits(depth: 0)) == nil)
  }

  @Test(arguments: [
    ("x", 1), ("é", 2), ("€", 3), ("𝄞", 4), (#"\n"#, 1), (#"\u0041"#, 1), (#"\u00e9"#, 2),
    (#"\u20ac"#, 3), (#"\ud834\udd1e"#, 4),
  ])
  func countsDecodedBytesOfStringsAndKeys(_ unit: String, _ bytes: Int) {
    for count in [8, 131_072] {
      let limits = JSONLimits(stringBytes: count)
      let fill: (Int) -> String = { target in
        times(target / bytes, unit) + times(target % bytes, "y")
      }
      check(limit: count, limits, .stringTooLong) { #"""# + fill($0) + #"""# }
      check(limit: count, limits, .stringTooLong) { #"{""# + fill($0) + #"":0}"# }
    }
  }

  @Test func countsBytesOfNumbers() {
    check(limit: 256, JSONLimits(), .numberTooLong) { "[" + times($0, "9") + "]" }
    check(limit: 256, JSONLimits(), .numberTooLong) { "-0." + times($0 - 6, "5") + "e+1" }
  }

  @Test func countsKeysOfTheWholeDocument() {
    check(limit: 10_000, JSONLimits(), .tooManyKeys) {
      "{" + (0..<$0).map { #""\#($0)":0"# }.joined(separator: ",") + "}"
    }
    check(limit: 10_000, JSONLimits(), .tooManyKeys) {
      "[" + Array(repeating: #"{"a":0}"#, count: $0).joined(separator: ",") + "]"
    }
    #expect(JSONError.thrown(by: "{}", limits: JSONLimits(keys: 0)) == nil)
  }

  @Test func survivesSenselessLimits() {
    let limits = JSONLimits(depth: .min, stringBytes: .min, numberBytes: .min, keys: .min)
    for text in ["[]", "{}", #""""#, "1", #"{"a":1}"#] {
      #expect(JSONError.thrown(by: text, limits: limits) != nil)
      #expect(JSONError.thrown(by: text, limits: .unlimited) == nil)
    }
  }
}
