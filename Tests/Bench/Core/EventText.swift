// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The event that is recorded, and the row of the yardstick: 500 bytes as an agent writes them.
enum EventText {
  /// Stands where each request has a number of its own, twelve digits.
  static let counter = "@@@@@@@@@@@@"
  /// Bytes of the data.
  static let byteCount = 500

  /// The data with the marker in it.
  static let template: String = {
    let head = #"{"call_id":"call-\#(counter)","tool":"shell","command":["bash","-lc","#
    let call =
      #""cd service && swift test --filter LedgerTests"],"exit_code":0,"duration_ms":8412,"#
    let usage =
      #""model":"planner-2","usage":{"input_tokens":18231,"output_tokens":412},"output":""#
    let start = head + call + usage
    return start + filler(byteCount - start.utf8.count - 2) + #""}"#
  }()

  /// The data with this number.
  static func data(_ number: Int) -> String {
    filled(template, number)
  }

  /// An event as it is posted, with the marker in it.
  static let eventTemplate = #"{"event_type":"agent_action","event_data":\#(template)}"#

  /// An event with this number, as it is posted.
  static func event(_ number: Int) -> String { filled(eventTemplate, number) }

  /// A batch of so many events as it is posted; each has its own number already.
  static func batch(_ count: Int) -> String {
    "[" + (1...count).map { filled(eventTemplate, $0) }.joined(separator: ",") + "]"
  }

  private static func filled(_ text: String, _ number: Int) -> String {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, counter.utf8.count - digits.utf8.count))
    return text.replacing(counter, with: padded + digits, maxReplacements: 1)
  }

  /// Lines of a test run, cut to the length; escapes stay whole.
  private static func filler(_ length: Int) -> String {
    let lines = [
      "Build complete in 6.14 s", "Suite LedgerTests started", "Test hashesEveryField passed",
      "Test ordersLeavesBySeq passed", "Test refusesGaps passed", "17 tests in 3 suites passed",
    ]
    var text = ""
    for line in (0..<64).map({ lines[$0 % lines.count] }) where text.utf8.count < length {
      let room = length - text.utf8.count
      text += room >= line.utf8.count + 2 ? line + #"\n"# : String(repeating: ".", count: room)
    }
    return text
  }
}
