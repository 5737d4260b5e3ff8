// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient
import Protection
import Testing

@testable import hansard

struct SessionPlanTests {
  private func plan(steps: [String], info: String = #"{"exit_status":"submitted"}"#) throws
    -> SessionPlan
  {
    let list = steps.joined(separator: ",")
    let text = #"{"environment":"main","trajectory":[\#(list)],"info":\#(info)}"#
    let trajectory = try Trajectory(reading: Array(text.utf8))
    let digest = [UInt8](repeating: 0x0A, count: 32)
    return try SessionPlan(trajectory, fileName: "a.traj", digest: digest)
  }

  @Test func opensWithWhatIsKnownAndClosesWithTheOutcome() throws {
    let plan = try plan(steps: [#"{"action":"ls"}"#])
    #expect(plan.events.map(\.type) == ["operation_start", "agent_step", "operation_complete"])
    let opening = try JSONDocument(parsing: plan.events[0].data).root
    #expect(try opening["environment"]?.text() == "main")
    #expect(opening["info"]?.rawBytes.elementsEqual(#"{"exit_status":"submitted"}"#.utf8) == true)
    #expect(try opening["file"]?.text() == "a.traj")
    #expect(opening["steps"]?.integer() == 1)
    let closing = try JSONDocument(parsing: plan.events[2].data).root
    #expect(try closing["exit_status"]?.text() == "submitted")
    #expect(plan.ending == .completed)
    #expect(plan.session == "import-0a0a0a0a0a0a0a0a")
  }

  @Test func anUnfinishedRunEndsAsFailed() throws {
    let plan = try plan(steps: [#"{"action":"ls"}"#], info: #"{"exit_status":null}"#)
    #expect(plan.events.last?.type == "error")
    #expect(plan.ending == .failed)
    let closing = try JSONDocument(parsing: plan.events[2].data).root
    #expect(closing["exit_status"]?.isNull == true)
  }

  @Test func theSameImportHasTheSameBytes() throws {
    let plan = try plan(steps: [#"{"action":"a"}"#, #"{"action":"a"}"#])
    let time = Date(timeIntervalSince1970: 1_790_000_000)
    let first = try plan.batches(for: "r1", at: time)
    #expect(try plan.batches(for: "r1", at: time) == first)
    #expect(try plan.batches(for: "r2", at: time) != first)
    let ids = first.joined().map(\.id.uuid)
    #expect(Set(first.joined().map(\.id)).count == 4)
    #expect(ids.allSatisfy { ($0.6 >> 4, $0.8 >> 6) == (8, 2) })
    // Made of the recording, the place and the bytes: an id that is known.
    #expect(
      first[0][1].id == UUID(uuidString: "5695F093-0191-8907-A362-E56514C21DB6"))
  }

  @Test func eventsKeepTheirOrderInTime() throws {
    let steps = (0..<5).map { #"{"action":"\#($0)"}"# }
    let start = Date(timeIntervalSince1970: 1_790_000_000)
    let batches = try plan(steps: steps).batches(for: "r", at: start)
    let times = batches.joined().compactMap(\.timestamp).map { $0.timeIntervalSince(start) }
    let micros = times.map { ($0 * 1_000_000).rounded() }
    #expect(micros == [0, 1, 2, 3, 4, 5, 6])
  }

  @Test func batchesAreBoundedInNumberAndBytes() throws {
    let large = String(repeating: "x", count: 100_000)
    let steps = (0..<30).map { #"{"action":"\#($0)","o":"\#(large)"}"# }
    let plan = try plan(steps: steps)
    let time = Date(timeIntervalSince1970: 0)
    let batches = try plan.batches(for: "r", at: time)
    #expect(batches.joined().count == 32)
    #expect(batches.allSatisfy { $0.reduce(0) { $0 + $1.byteCount } <= 1024 * 1024 })
    #expect(batches.count == 3)
    let small = try plan.batches(for: "r", at: time, events: 7, bytes: 1)
    #expect(small.map(\.count) == [Int](repeating: 1, count: 32))
    #expect(Array(small.joined()) == Array(batches.joined()))
    let seven = try plan.batches(for: "r", at: time, events: 7, bytes: .max)
    #expect(seven.map(\.count) == [7, 7, 7, 7, 4])
  }

  @Test func anEventOfTheLargestSizeFitsAndOneByteMoreDoesNot() throws {
    func step(_ size: Int) -> String {
      let half = String(repeating: "x", count: size / 2)
      let rest = String(repeating: "y", count: size - size / 2)
      return #"{"action":"\#(half)","o":"\#(rest)"}"#
    }
    let small = try plan(steps: [step(0)])
    let frame = try small.events[1].event(
      position: 1, recording: "r", at: Date(timeIntervalSince1970: 0)
    ).byteCount
    let room = HansardClient.Event.byteLimit - frame
    #expect(try plan(steps: [step(room)]).events.count == 3)
    let error = #expect(throws: TrajectoryError.self) { try plan(steps: [step(room + 1)]) }
    #expect(error?.place == "/trajectory/0")
    #expect(error?.reason.contains("262145 bytes") == true)
  }
}
