// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Testing

@testable import Governance

struct CursorTests {
  private let tenant = TenantID.make()
  private let recording = RecordingID.make()
  private let moment = Timestamp(microseconds: 1_795_249_800_123_456)

  private var listed: Recording {
    get throws {
      Recording(
        id: recording, agent: try #require(AgentID("a")), user: try #require(UserID("u")),
        reason: "r", status: .recording, tags: [], startedAt: moment, eventCount: 0,
        metadata: .init(agentName: "a", agentMaturity: .student, startedAt: moment),
        isFlagged: false, expiresAt: moment, createdAt: moment, updatedAt: moment)
    }
  }

  private var replayed: Event {
    Event(
      id: .make(), seq: 41, type: "e", timestamp: moment, recordedAt: moment, leafHash: [],
      data: [], redactions: [])
  }

  private func isRefused(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return false
    } catch {
      return (error as? DomainError)?.code == .badCursor
    }
  }

  @Test func comesBackAsItWentOut() throws {
    let place = try ListPlace(ListPlace(listed).cursor(of: tenant), of: tenant)
    #expect(place.startedAt == moment && place.recording == recording)
    let cursor = ReplayPlace(replayed).cursor(in: recording, of: tenant)
    let replay = try ReplayPlace(cursor, in: recording, of: tenant)
    #expect(replay.occurredAt == moment && replay.seq == 41)
  }

  @Test func isRefusedByAnotherTenantKindOrRecording() throws {
    let list = try ListPlace(listed).cursor(of: tenant)
    let replay = ReplayPlace(replayed).cursor(in: recording, of: tenant)
    #expect(isRefused { _ = try ListPlace(list, of: .make()) })
    #expect(isRefused { _ = try ListPlace(replay, of: tenant) })
    #expect(isRefused { _ = try ReplayPlace(list, in: recording, of: tenant) })
    #expect(isRefused { _ = try ReplayPlace(replay, in: .make(), of: tenant) })
    #expect(isRefused { _ = try ReplayPlace(replay, in: recording, of: .make()) })
  }

  @Test(arguments: ["", "x", "%%%", "AAAA", "\u{0}", String(repeating: "A", count: 100_000)])
  func garbageIsRefused(text: String) {
    #expect(isRefused { _ = try ListPlace(Cursor(text: text), of: tenant) })
    #expect(isRefused { _ = try ReplayPlace(Cursor(text: text), in: recording, of: tenant) })
  }

  @Test func everyPrefixAndEveryLongerTextIsRefused() throws {
    let text = try ListPlace(listed).cursor(of: tenant).text
    for length in 0..<text.count {
      #expect(
        isRefused { _ = try ListPlace(Cursor(text: String(text.prefix(length))), of: tenant) })
    }
    #expect(isRefused { _ = try ListPlace(Cursor(text: text + "AAAA"), of: tenant) })
    #expect(isRefused { _ = try ListPlace(Cursor(text: text + "="), of: tenant) })
  }

  /// A time that PostgreSQL cannot hold would be answered as a failure of ours.
  @Test func aTimeThatNobodyHandedOutIsRefused() throws {
    for microseconds in [Int64.min, .min + 1, -1, 253_402_300_800_000_000, .max - 1, .max] {
      var recording = try listed
      recording.startedAt = Timestamp(microseconds: microseconds)
      let cursor = ListPlace(recording).cursor(of: tenant)
      #expect(isRefused { _ = try ListPlace(cursor, of: tenant) })
      var event = replayed
      event.timestamp = Timestamp(microseconds: microseconds)
      let replay = ReplayPlace(event).cursor(in: self.recording, of: tenant)
      #expect(isRefused { _ = try ReplayPlace(replay, in: self.recording, of: tenant) })
    }
  }
}
