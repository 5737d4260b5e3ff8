// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import API

@Suite struct KeyBodiesTests {
  /// To JSON Schema they are one number, and some clients write all numbers alike.
  @Test(arguments: ["30", "30.0", "3e1", "300E-1"])
  func takesAWholeNumberHoweverItIsWritten(_ number: String) throws {
    #expect(try KeyBodies.grace(Self.body(number)) == .seconds(30))
  }

  @Test(arguments: [
    "0.5", "30.5", "-1", "-1.0", "2592001", "2592001.0", "1e300", "1e400", "9223372036854775808",
  ])
  func refusesWhatIsNoneOrOutOfRange(_ number: String) {
    let refused = refusal { () throws(Problem) in _ = try KeyBodies.grace(Self.body(number)) }
    #expect(
      refused == Refusal(code: .badValue, places: ["/grace_seconds"], words: ["bad_value"]))
  }

  private static func body(_ number: String) -> [UInt8] {
    Array(#"{"grace_seconds": \#(number)}"#.utf8)
  }
}
