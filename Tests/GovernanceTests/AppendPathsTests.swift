// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// `append_events` has a quick way, for groups that can be stored as a whole, and a careful one. Both
/// must do the same.
@Suite(.serialized, .database)
struct AppendPathsTests {
  /// What one call said of each event.
  struct Outcome: Equatable {
    var ordinal: Int64
    var verdict: AppendVerdict
    var seq: Int64?
  }

  /// Recordings of one tenant, and requests to them.
  private struct Stage {
    let fixture: Fixture
    let connection: PostgresConnection
    var party: Party { fixture.acme }

    init(_ fixture: Fixture) async throws {
      self.fixture = fixture
      connection = try await TestDatabase.current.connect(role: "hansard_service")
    }

    func request(
      to id: RecordingID, _ drafts: [EventDraft], by caller: Caller? = nil
    ) async throws -> AppendRequest {
      let context = try #require(await fixture.recordings.contexts.find(id, of: party.tenant))
      var events: [SealedEvent] = []
      for draft in drafts {
        events.append(try await fixture.sealed(draft, in: context, by: caller ?? party.recorder))
      }
      return AppendRequest(
        tenant: party.tenant, recording: id, key: (caller ?? party.recorder).principal.key,
        events: events)
    }

    /// One call in a transaction of its own, and the counters that it left.
    func call(
      _ requests: [AppendRequest], careful: Bool, commit: Bool
    ) async throws -> (outcomes: [Outcome], counters: [String]) {
      _ = try await connection.execute(.begin)
      _ = try await connection.execute(.setTenant(party.tenant))
      let rows = try await connection.execute(.appendEvents(requests, mayBeKnown: careful))
      let outcomes = try rows.map { row in
        Outcome(
          ordinal: try row.decode(0), verdict: try row.decode(1), seq: try row.decode(2))
      }
      let leaves = try zip(rows, requests.flatMap(\.events)).filter { row, _ in
        try row.decode(1, as: AppendVerdict.self) == .appended
      }
      for (row, event) in leaves {
        #expect(try Self.leaf(event, row) == row.decode(4, as: [UInt8].self))
      }
      let counters = try await connection.execute(Query(Self.counters))
      _ = try await connection.execute(Query(commit ? "commit" : "rollback"))
      return (outcomes, try counters.map { try $0.decode(0) })
    }

    private static func leaf(_ event: SealedEvent, _ row: Row) throws -> [UInt8] {
      let seq = try row.decode(2, as: Int64.self)
      let time = try row.decode(3, as: Timestamp.self).microseconds
      let numbers = [seq, time].flatMap { number in
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
      }
      return try SHA256.hash([0x00] + event.leafPrefix + numbers)
    }

    private static let counters = """
      select concat_ws(' ', recording_id, event_count, error_count, completion_count)
      from hansard.recording_progress
      order by recording_id
      """
  }

  private static let types = ["step", "error", "operation_complete", "note"]

  /// A group of single events and batches, to recordings in no order, of every type.
  private func group(
    _ stage: Stage, _ ids: [RecordingID], _ random: inout some RandomNumberGenerator
  ) async throws -> [AppendRequest] {
    var requests: [AppendRequest] = []
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      let count = Bool.random(using: &random) ? 1 : Int.random(in: 2...9, using: &random)
      let drafts = try (0..<count).map { number in
        try EventDraft.of(
          number % 3 == 0 ? "\"\(PlantedSecret.token(number).text)\"" : "\(number)",
          type: Self.types.randomElement(using: &random) ?? "step")
      }
      let id = try #require(ids.randomElement(using: &random))
      requests.append(try await stage.request(to: id, drafts))
    }
    return requests
  }

  @Test func bothWaysGiveTheSameNumbersHashesAndCounts() async throws {
    try await Fixture.run { fixture in
      let stage = try await Stage(fixture)
      var ids: [RecordingID] = []
      for _ in 0..<5 { ids.append(try await fixture.recordings.started(by: fixture.acme)) }
      var random = Dice()
      for round in 0..<25 {
        let requests = try await group(stage, ids, &random)
        let careful = try await stage.call(requests, careful: true, commit: false)
        let quick = try await stage.call(requests, careful: false, commit: round % 2 == 0)
        #expect(quick.outcomes == careful.outcomes)
        #expect(quick.counters == careful.counters)
        #expect(quick.outcomes.allSatisfy { $0.verdict == .appended })
        if round % 2 == 1 { _ = try await stage.call(requests, careful: true, commit: true) }
      }
      for id in ids {
        let leaves = try await StoredLeaves.check(id)
        let seqs = try await fixture.recordings.allEvents(of: id, by: fixture.acme.admin).map(\.seq)
        #expect(seqs == Array(1..<Int64(leaves.count + 1)))
      }
      await stage.connection.close()
    }
  }

  /// The quick way says of each event what was stored of that event, not of another.
  @Test func eachEventGetsItsOwnReceipt() async throws {
    try await Fixture.run { fixture in
      let stage = try await Stage(fixture)
      var ids: [RecordingID] = []
      for _ in 0..<4 { ids.append(try await fixture.recordings.started(by: fixture.acme)) }
      var random = Dice()
      for _ in 0..<10 {
        let requests = try await group(stage, ids, &random)
        let told = try await stage.call(requests, careful: false, commit: true).outcomes
        let events = requests.flatMap(\.events)
        #expect(told.map(\.ordinal) == Array(1...Int64(events.count)))
        let list = events.map { "'\($0.id)'" }.joined(separator: ",")
        let stored = try await TestDatabase.current.psql(
          "select event_id || ' ' || seq from hansard.recording_events where event_id in (\(list))")
        let lines = zip(events, told).map { "\($0.id) \($1.seq ?? 0)" }
        #expect(Set(stored.split(separator: "\n").map(String.init)) == Set(lines))
      }
      await stage.connection.close()
    }
  }

  /// Every verdict in one call; what can be stored is stored as if the rest were not there.
  @Test func everyVerdictInOneGroup() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let stage = try await Stage(fixture)
      let (open, stopped) = try await (recordings.started(by: acme), recordings.started(by: acme))
      let missing = try await recordings.started(by: fixture.globex)
      let known = try EventDraft.of("1", id: .make())
      try await recordings.appendOne(known, to: open, by: acme.recorder)
      try await recordings.appendOne(known, to: stopped, by: acme.recorder)
      let requests = try await [
        stage.request(to: open, [.of("2"), .of("3")]),
        stage.request(to: open, [.of("4"), .of("5")]),
        stage.request(to: stopped, [.of("0")]), stage.request(to: stopped, [known]),
        Self.redirected(stage.request(to: open, [.of("6")]), to: .make()),
        Self.redirected(stage.request(to: open, [.of("7")]), to: missing),
        Self.keyed(stage.request(to: open, [.of("8")]), .make()),
        Self.keyed(stage.request(to: open, [.of("9")]), nil),
        stage.request(to: open, [.of("10"), .of("11", id: known.id)]),
        stage.request(to: open, [known, .of("12")]),
      ]
      _ = try await recordings.stop(stopped, status: .completed, summary: nil, by: acme.recorder)
      let outcome = try await stage.call(requests, careful: false, commit: true).outcomes
      #expect(
        outcome.map { "\($0.verdict) \($0.seq ?? 0)" } == [
          "appended 2", "appended 3", "appended 4", "appended 5", "notOpen 0", "known 1",
          "notFound 0", "notFound 0", "unauthenticated 0", "unauthenticated 0", "withheld 0",
          "mismatch 1", "known 1", "appended 6",
        ])
      #expect(try await StoredLeaves.check(open).count == 6)
      #expect(try await StoredLeaves.check(stopped).count == 1)
      let events = try await recordings.allEvents(of: open, by: acme.ann)
      #expect(events.map(\.text) == ["1", "2", "3", "4", "5", "12"])
      await stage.connection.close()
    }
  }

  /// One request that cannot be stored changes nothing of the numbers of the others.
  @Test func whatIsRefusedLeavesNoGap() async throws {
    try await Fixture.run { fixture in
      let stage = try await Stage(fixture)
      let ids = [
        try await fixture.recordings.started(by: fixture.acme),
        try await fixture.recordings.started(by: fixture.acme),
      ]
      var random = Dice()
      for _ in 0..<10 {
        let good = try await group(stage, ids, &random)
        let bad = Self.keyed(try await stage.request(to: ids[0], [.of(), .of()]), .make())
        let place = Int.random(in: 0...good.count, using: &random)
        var mixed = good
        mixed.insert(bad, at: place)
        let expected = try await stage.call(good, careful: false, commit: false)
        let found = try await stage.call(mixed, careful: false, commit: true)
        let appended = found.outcomes.filter { $0.verdict == .appended }
        #expect(appended.map(\.seq) == expected.outcomes.map(\.seq))
        #expect(found.outcomes.count { $0.verdict == .unauthenticated } == 2)
        #expect(found.counters == expected.counters)
      }
      await stage.connection.close()
    }
  }

  /// The same throws every time.
  private struct Dice: RandomNumberGenerator {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
      // SplitMix64.
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static func redirected(_ request: AppendRequest, to id: RecordingID) -> AppendRequest {
    AppendRequest(
      tenant: request.tenant, recording: id, key: request.key, events: request.events)
  }

  private static func keyed(_ request: AppendRequest, _ key: KeyID?) -> AppendRequest {
    AppendRequest(
      tenant: request.tenant, recording: request.recording, key: key, events: request.events)
  }
}
