// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import Testing

/// CPU time of the calling thread, which other work on the machine disturbs least.
enum CPUClock {
  static func now() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  static func best(of count: Int, _ body: () -> Void) -> Duration {
    var best: Duration?
    for _ in 0..<count {
      let start = now()
      body()
      let spent = now() - start
      best = best.map { min($0, spent) } ?? spent
    }
    return best ?? .zero
  }

  /// How much longer `body` takes for 2n than for n: 2 where it is linear, 4 where quadratic.
  static func growth(_ n: Int, _ prepare: (Int) -> [UInt8], _ body: ([UInt8]) -> Void) -> Double {
    let (small, large) = (prepare(n), prepare(2 * n))
    var growth = Double.infinity
    // Disturbances only add time; a second and third try are for those.
    for _ in 0..<3 where growth > 2.3 {
      growth = min(growth, best(of: 7) { body(large) } / best(of: 7) { body(small) })
    }
    return growth
  }
}

@Suite("JSONDocument speed", .serialized)
struct JSONSpeedTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (Int) -> String
  }

  private static func list(_ n: Int, _ item: (Int) -> String) -> String {
    (0..<n).map(item).joined(separator: ",")
  }

  private static let shapes: [Shape] = [
    .init(testDescription: "elements") { "[" + list($0) { _ in "0" } + "]" },
    .init(testDescription: "keys") { "{" + list($0) { #""k\#($0)":1"# } + "}" },
    .init(testDescription: "escaped keys") { "{" + list($0) { #""\u006b\#($0)":1"# } + "}" },
    .init(testDescription: "one string") { "\"" + String(repeating: "abcd", count: $0) + "\"" },
    .init(testDescription: "escapes") { "\"" + String(repeating: #"\u00e9\n"#, count: $0) + "\"" },
    .init(testDescription: "multibyte") { "\"" + String(repeating: "é€", count: $0) + "\"" },
    .init(testDescription: "white space") { String(repeating: " \n", count: $0) + "0" },
    .init(testDescription: "one number") { String(repeating: "12", count: $0) },
    .init(testDescription: "nesting") {
      String(repeating: "[", count: $0) + String(repeating: "]", count: $0)
    },
    .init(testDescription: "fault in a late element") { "[" + list($0) { _ in "[]" } + ",x]" },
    .init(testDescription: "fault at depth") { String(repeating: #"{"a":[0,"#, count: $0) },
  ]

  @Test(arguments: shapes)
  func takesTwiceAsLongForTwiceAsMuch(_ shape: Shape) {
    let growth = CPUClock.growth(6000) {
      Array(shape.make($0).utf8)
    } _: {
      _ = JSONError.thrown(by: $0, limits: .unlimited)
    }
    #expect(growth <= 2.3)
  }

  /// The control: a search for duplicates that compares each with each.
  @Test func noticesQuadraticTime() {
    let growth = CPUClock.growth(300) {
      [UInt8](repeating: 0, count: $0)
    } _: { bytes in
      var sum = 0
      for a in bytes { for b in bytes { sum &+= Int(a ^ b) &+ 1 } }
      #expect(sum == bytes.count * bytes.count)
    }
    #expect(growth > 2.3)
  }

  @Test func refusesCostlyDocumentsCheaply() {
    // Unoptimised code is far slower; the promise is about what ships.
    #if DEBUG
    let patience = 40
    #else
    let patience = 1
    #endif
    let digits = Array(String(repeating: "7", count: 1 << 20).utf8)
    let nested = Array(String(repeating: #"{"a":"#, count: 1_000_000).utf8)
    #expect(
      CPUClock.best(of: 3) { _ = JSONError.thrown(by: digits) } < .milliseconds(20 * patience))
    #expect(
      CPUClock.best(of: 3) { _ = JSONError.thrown(by: nested) } < .milliseconds(5 * patience))
  }

  @Test func printsItsThroughput() {
    let event = #"""
      {"event_type":"tool_call","event_id":"01890a5d-ac96-774b-bcce-b302099a8057","timestamp":\#
      "2025-01-01T00:00:00.123456Z","event_data":{"tool":"bash","args":{"command":"ls -la /tmp",\#
      "timeout":30},"ok":true,"tokens":{"in":1234,"out":56},"cost":0.00123,"tags":["a","b"]}}
      """#
    let bytes = Array(("[" + Self.list(2000) { _ in event } + "]").utf8)
    let time = CPUClock.best(of: 5) { _ = JSONError.thrown(by: bytes, limits: .unlimited) }
    let rate = Double(bytes.count) / (time / .microseconds(1))
    print("JSONDocument: \(bytes.count) bytes of events at \(Int(rate)) MB/s")
    #expect(rate > 0)
  }
}
