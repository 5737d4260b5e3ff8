// Hansard
// SPDX-License-Identifier: Apache-2.0

/// JSON as agents write it, for measuring what looks at its content.
enum AgentText {
  /// One step; the kind and the length go by the number.
  static func step(_ number: Int) -> String {
    switch number % 4 {
    case 0:
      #"{"tool": "bash", "command": "cd /repo && grep -rn \"def handler\" src | head -\#(number)", "#
        + #""cwd": "/repo", "timeout_ms": 30000}"#
    case 1:
      #"{"role": "assistant", "content": "\#(prose(number % 13 + 8))\n\n```python\n"#
        + #"def run(items):\n    return \"\#(prose(1))\" + str(items)\n```\n", "#
        + #""usage": {"prompt": \#(number * 7), "completion": \#(number)}}"#
    case 2:
      #"{"observation": "\#(listing(number))", "exit_code": 0, "duration_ms": \#(number).25}"#
    default:
      ##"{"event": "click", "selector": "#main > div.list > button:nth-child(\##(number))", "##
        + ##""url": "https://app.example.com/items/\##(number)?page=2", "ok": true, "##
        + ##""trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}"##
    }
  }

  private static func prose(_ sentences: Int) -> String {
    (0..<sentences).map { sentence in
      "The agent opened the file and ran the tests, then it edited the function that failed "
        + "because of case \(sentence)."
    }.joined(separator: " ")
  }

  private static func listing(_ number: Int) -> String {
    (0..<20).map { line in
      "src/module\\u005f\(line).py:\(number + line): return self.items[index] + offset"
    }.joined(separator: "\\n")
  }
}
