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
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\u{B}x", "|x", "  =1", "\u{FF1D}1",
    "\u{FF20}x",
    "=HYPERLINK(\"http://x\")",
  ])
  func disarmsWhatCouldBeAFormula(_ cell: String) {
    let text = written([cell])
    #expect(text.hasPrefix("\"'"))
    #expect(text.hasSuffix("\"\r\n"))
  }

  /// (R013) Whatever a program takes away from the front of a cell, or does not show.
  @Test(arguments: [
    "\u{FEFF}", "\u{A0}", "\u{3000}", "\u{85}", "\u{1680}", "\u{2003}", "\u{200B}",
    "\u{2028}", "\u{202F}", "\u{205F}", "\u{2060}", " \u{A0}\u{FEFF} ",
  ])
  func disarmsItBehindAnyWhiteSpace(_ space: String) {
    for start in ["=", "+", "-", "@", "\t", "\r", "\u{FF1D}"] {
      let text = written(["\(space)\(start)1"])
      #expect(text == "\"'\(space)\(start)1\"\r\n", "\(Array((space + start).utf8))")
      #expect(written(["x;\(space)\(start)1"]) == "\"x;'\(space)\(start)1\"\r\n")
    }
    // White space alone, and what is no formula behind it, stay as they are.
    #expect(!written([space, "\(space)1"]).contains("'"))
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
