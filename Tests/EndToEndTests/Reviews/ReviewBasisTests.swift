// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// What a verdict is bound to: all events, whatever their number, and nothing that comes later.
@Suite(.serialized, .exclusive)
struct ReviewBasisTests {
  /// Appends events until there are `count`.
  private func grow(_ recording: String, to count: Int, _ stage: ReviewStage) async throws {
    var there = 1
    while there < count {
      let size = min(1000, count - there)
      let events = (0..<size).map { #"{"event_type":"step","event_data":\#(there + $0)}"# }
      let answer = try await stage.admin.send(
        .post, Paths.recording(recording, "events"), json: "[\(events.joined(separator: ","))]",
        within: .seconds(60))
      guard answer.status == 201 else { throw TestSupportError(answer.text) }
      there += size
    }
  }

  private func leaves(of recording: String, _ stage: ReviewStage) async throws -> [[UInt8]] {
    let export = try await stage.admin.send(
      .get, Paths.recording(recording, "export"), within: .seconds(60))
    return try #require(export.json["events"]).elements.map { event in
      try Self.bytes(try event["leaf_hash"]?.text() ?? "")
    }
  }

  private static func bytes(_ text: String) throws -> [UInt8] {
    let digits = Array(text)
    return try stride(from: 0, to: digits.count - 1, by: 2).map { index in
      try #require(UInt8(String(digits[index...index + 1]), radix: 16))
    }
  }

  /// One page of leaves has 10,000.
  @Test(.timeLimit(.minutes(3)), arguments: [2, 3, 6, 7, 10_001])
  func aVerdictIsBoundToTheRootOverAllEvents(_ count: Int) async throws {
    try await ReviewStage.with("review root \(count)") { stage in
      let recording = try await stage.record(flagged: true)
      try await grow(recording, to: count, stage)
      let item = "\(ReviewStage.reviews)/\(try await stage.id(of: recording))"
      #expect(try await stage.rita.send(.post, "\(item)/claim").status == 200)
      let decided = try await stage.rita.send(.post, "\(item)/decide", json: ReviewStage.decision)
      #expect(decided.status == 200, "\(decided.text)")
      var leaves = try await leaves(of: recording, stage)
      #expect(leaves.count == count)
      let root = try decided.text("merkle_root")
      #expect(try root == Hexadecimal.text(of: RecomputedRoot.of(leaves[...])))
      #expect(try decided.json["event_count"]?.integer() == Int64(count))
      // Another event, another order, one less: another root.
      leaves.swapAt(0, count - 1)
      #expect(try root != Hexadecimal.text(of: RecomputedRoot.of(leaves[...])))
      leaves.swapAt(0, count - 1)
      #expect(try root != Hexadecimal.text(of: RecomputedRoot.of(leaves.dropLast())))
      leaves[count / 2][31] ^= 1
      #expect(try root != Hexadecimal.text(of: RecomputedRoot.of(leaves[...])))

      // A stop changes what the recording says: the verdict stays, as one on something else.
      #expect(
        try await stage.admin.send(.post, Paths.recording(recording, "stop"), json: "{}").status
          == 200)
      let stale = try #require(try await stage.review(of: recording))
      #expect(try stale["state"]?.text() == "stale")
      #expect(try stale["review_status"]?.text() == "needs_changes")
      #expect(try stale["merkle_root"]?.text() == root)
    }
  }

  /// A verdict that was given after the stop holds.
  @Test func aVerdictOnWhatHasStoppedHolds() async throws {
    try await ReviewStage.with("review stopped") { stage in
      let recording = try await stage.record(flagged: true)
      _ = try await stage.admin.send(.post, Paths.recording(recording, "stop"), json: "{}")
      let item = "\(ReviewStage.reviews)/\(try await stage.id(of: recording))"
      _ = try await stage.rita.send(.post, "\(item)/claim")
      _ = try await stage.rita.send(.post, "\(item)/decide", json: ReviewStage.decision)
      #expect(try await stage.review(of: recording)?["state"]?.text() == "decided")
    }
  }
}
