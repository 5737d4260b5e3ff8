// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient
import Protection
import TestSupport
import Testing

@testable import hansard

struct TrajectoryTests {
  private func refusal(_ text: String) -> String? { refusal(Array(text.utf8)) }

  private func refusal(_ bytes: [UInt8]) -> String? {
    do throws(TrajectoryError) {
      _ = try Trajectory(reading: bytes)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func keepsTheBytesOfEachStep() throws {
    let step = #"{ "action" : "l\u0073",  "observation":"a\r\nb", "n": 1.0e0,"s":{"b":1,"a":2} }"#
    let text = #"{"trajectory":[ \#(step) ,{"action":""}],"info":{"exit_status":"submitted"}}"#
    let trajectory = try Trajectory(reading: Array(text.utf8))
    let kept = trajectory.steps.map { String(decoding: $0.rawBytes, as: UTF8.self) }
    #expect(kept == [step, #"{"action":""}"#])
    #expect(trajectory.wasSubmitted)
    #expect(trajectory.environment == nil)
  }

  @Test(arguments: [
    (#""submitted""#, true), (#""submitted (exit_cost)""#, true), (#""exit_cost""#, false),
    ("null", false), ("1", false), (#""Submitted""#, false),
  ])
  func onlyASubmissionIsSuccess(status: String, isSuccess: Bool) throws {
    let text = #"{"trajectory":[{"action":"a"}],"info":{"exit_status":\#(status)}}"#
    #expect(try Trajectory(reading: Array(text.utf8)).wasSubmitted == isSuccess)
  }

  @Test func namesThePlaceOfWhatItCannotRead() {
    #expect(refusal("") == "line 1, column 1: the file ends in the middle")
    #expect(refusal("[]") == "the top level: is not a JSON object")
    #expect(refusal("{}") == "the top level: has no 'trajectory': not a SWE-agent trajectory")
    #expect(refusal(#"{"trajectory":{}}"#) == "/trajectory: is not an array")
    #expect(refusal(#"{"trajectory":[]}"#) == "/trajectory: is empty: there is nothing to record")
    #expect(refusal(#"{"trajectory":[1]}"#) == "/trajectory/0: is not an object")
    #expect(refusal(#"{"trajectory":[{"action":1},{}]}"#) == "/trajectory/1: has no 'action'")
    #expect(
      refusal("{\n  \"trajectory\": [\n    {\"action\": x}]}")
        == "line 3, column 16 (/trajectory/0/action): is not JSON")
    #expect(refusal([0x7B, 0x22, 0xFF]) == "line 1, column 3: is not UTF-8")
  }

  @Test func everyCutOfAFileIsRefused() {
    let text = Array(#"{"trajectory":[{"action":"ä","n":[1,true,null]}],"info":{}}"#.utf8)
    #expect(refusal(text) == nil)
    for length in 0..<text.count { #expect(refusal(Array(text.prefix(length))) != nil) }
  }

  @Test func refusesWhatTheServiceWouldRefuseLater() throws {
    func step(_ value: String) -> String { #"{"trajectory":[{"action":"a","x":\#(value)}]}"# }
    let limits = JSONLimits()
    let deep = limits.depth - 1
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(refusal(step(nested(deep))) == nil)
    #expect(refusal(step(nested(deep + 1)))?.contains("nested too deeply") == true)
    let long = String(repeating: "x", count: limits.stringBytes)
    #expect(refusal(step("\"\(long)\"")) == nil)
    #expect(refusal(step("\"\(long)x\""))?.contains("longer string") == true)
    #expect(refusal(step(#""\ud800""#))?.contains("surrogate") == true)
    #expect(refusal(step(#"1,"x":2"#))?.contains("same key twice") == true)
  }

  static let sessions: [String] = {
    do {
      let shared = try ProjectFiles.root() + "/../shared/data/agent-sessions"
      return try FileManager.default.contentsOfDirectory(atPath: shared).sorted()
        .filter { $0.hasSuffix(".traj") }.map { "\(shared)/\($0)" }
    } catch {
      return []
    }
  }()

  @Test(.enabled(if: !sessions.isEmpty, "they lie beside the checkout"), arguments: sessions)
  func readsRealSessions(file: String) throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    let trajectory = try Trajectory(reading: bytes)
    #expect(trajectory.steps.count == 11)
    #expect(trajectory.wasSubmitted)
    let plan = try SessionPlan(trajectory, fileName: "x.traj", digest: SHA256.hash(bytes))
    #expect(plan.events.count == 13)
    #expect(plan.ending == .completed)
  }
}
