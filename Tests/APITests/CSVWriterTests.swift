// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import API

@Suite struct CSVWriterTests {
  private func written(_ cells: [String?]) -> String {
    var writer = CSVWriter()
    writer.row(cells)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func writesRowsAsRFC4180Says() {
    #expect(written(["a", nil, "b c", "é"]) == "a,,b c,é\r\n")
    #expect(written(["a,b", "say \"x\"", "1\n2"]) == "\"a,b\",\"say \"\"x\"\"\",\"1\n2\"\r\n")
    #expect(written([""]) == "\r\n")
  }

  @Test(arguments: [
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "|x", "  =1", "\u{FF1D}1", "\u{FF20}x",
    "=HYPERLINK(\"http://x\")",
  ])
  func disarmsWhatCouldBeAFormula(_ cell: String) {
    let text = written([cell])
    #expect(text.hasPrefix("\"'"))
    #expect(text.hasSuffix("\"\r\n"))
  }

  @Test func disarmsWhatFollowsOtherSeparators() {
    #expect(written(["x;=1+1"]) == "\"x;'=1+1\"\r\n")
    #expect(written(["x; @y\n+1"]) == "\"x;' @y\n'+1\"\r\n")
    #expect(written(["x;y"]) == "\"x;y\"\r\n")
  }

  @Test(arguments: ["1", "a=b", "{\"a\":1}", "2026-01-01", "e@x.com"])
  func leavesTheRestAlone(_ cell: String) {
    #expect(!written([cell]).contains("'"))
  }
}
