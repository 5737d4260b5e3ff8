// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Governance

struct RecoveryDurationTests {
  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("-0.0", "0.0"), ("1.5", "1.5"), ("1.50", "1.50"), ("0.001", "0.001"),
    ("1e-3", "0.001"), ("1E3", "1000"), ("1.25e1", "12.5"), ("1.25e+4", "12500"),
    ("12.5e-4", "0.00125"), ("1000000000", "1000000000"), ("1000000000.000", "1000000000.000"),
    ("9.5367431640625e-07", "0.00000095367431640625"), ("0e999999", "0"), ("0.0e-999999", "0"),
    (
      "999999999.999999999999999999999999999999999999",
      "999999999.999999999999999999999999999999999999"
    ),
  ])
  func keepsWhatWasSentToTheDigit(number: String, text: String) {
    #expect(RecoveryDuration(number: number)?.text == text)
  }

  @Test(arguments: [
    "-1", "-0.001", "1000000000.1", "1000000001", "1e10", "1e999999999", "1e-401", "1e-999999999",
    "NaN", "Infinity", "", "1.", ".5", "1e", "1e9999999999999999999999", "0x1", "1.2.3", "+1",
  ])
  func refusesWhatIsNoDuration(number: String) {
    // What JSON has no number for never gets here: it traps nothing all the same.
    #expect(RecoveryDuration(number: number)?.text == nil)
  }
}

struct DecimalTextTests {
  @Test(arguments: [
    ("70.00", "70.0"), ("15.500", "15.5"), ("1.550", "1.55"), ("0", "0.0"), ("33.33", "33.33"),
    ("100.00", "100.0"), ("0.000", "0.0"), ("12", "12.0"),
  ])
  func endsWithTheLastDigitThatSaysSomething(number: String, text: String) {
    #expect(DecimalText.trimmed(number) == text)
  }

  @Test func nothingAddsUpToZero() {
    #expect(DecimalText.trimmed(nil) == "0.0")
  }
}
