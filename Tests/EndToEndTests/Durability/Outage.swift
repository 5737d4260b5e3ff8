// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import Protection
import Synchronization
import TestSupport

/// One outage of the database under load, and what clients saw of it.
struct Outage: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// How the database goes away.
  enum Kind: String, Sendable, CaseIterable {
    /// It is stopped: nobody listens.
    case stopped
    /// It is halted: connections stay open and nothing is answered.
    case frozen
    /// The network takes everything to it and brings nothing back.
    case silent
    /// It is there, but somebody holds the table that every append needs.
    case locked
  }

  /// One request.
  struct Sample: Sendable, Equatable {
    var sent: Instant
    var took: Duration
    var status: Int
    var code: String
    var hasRetryAfter: Bool
  }

  var kind: Kind
  var key: String
  var recordings: [String]
  var journal: Journal
  var residentBytesBefore: Int
  /// When PostgreSQL had ended, when it was started again, and when it was back.
  var gone: Instant
  var returning: Instant
  var back: Instant
  /// Requests of all kinds that need the database.
  var load: [Sample]
  var liveness: [Sample]
  var readiness: [Sample]
}

// MARK: - Playing

extension Outage {
  /// Stops PostgreSQL while clients write, start, list and ask for health, holds it down, brings
  /// it back, and goes on until the first successes.
  ///
  /// - Parameters:
  ///   - relay: What stands between the service and PostgreSQL, for the `silent` kind.
  ///   - length: How long PostgreSQL stays away.
  static func play(
    _ kind: Kind, on deployment: Deployment, _ service: Service, through relay: Relay? = nil,
    lasting length: Duration = .seconds(Effort.outageSeconds)
  ) async throws -> Outage {
    let tenant = try await deployment.makeTenant("outage")
    let key = try await tenant.makeKey(.init("admin", user: "alice")).text
    let client = service.client(key)
    let recordings = [try await client.startRecording(), try await client.startRecording()]
    let scene = Scene(service: service, client: client, recordings: recordings, length: length)
    let times = try await withThrowingTaskGroup(of: Void.self) { group in
      scene.populate(&group)
      defer { scene.end() }
      let times = try await scene.interrupt(deployment, kind, relay)
      scene.end()
      try await group.waitForAll()
      return times
    }
    return Outage(
      kind: kind, key: key, recordings: recordings, journal: scene.journal,
      residentBytesBefore: times.residentBytes, gone: times.gone, returning: times.returning,
      back: times.back,
      load: scene.load.all, liveness: scene.liveness.all, readiness: scene.readiness.all)
  }

  /// The clients of one outage.
  private final class Scene: Sendable {
    let service: Service
    let client: Client
    let recordings: [String]
    let length: Duration
    let journal = Journal()
    let load = Samples()
    let liveness = Samples()
    let readiness = Samples()
    private let isOver = Atomic<Bool>(false)

    init(service: Service, client: Client, recordings: [String], length: Duration) {
      self.service = service
      self.client = client
      self.recordings = recordings
      self.length = length
    }

    func end() { isOver.store(true, ordering: .relaxed) }

    func populate(_ group: inout ThrowingTaskGroup<Void, any Error>) {
      for number in 0..<8 {
        group.addTask { [self] in
          let writer = Writer(
            number: number, recording: recordings[number % recordings.count], client: client,
            journal: journal)
          try await writer.write { isOver.load(ordering: .relaxed) }
        }
      }
      let start = #"{"agent_id":"agent-1","user_id":"alice","reason":"outage"}"#
      repeatedly(&group, load) { [client] in
        try await client.send(.post, Paths.recordings + "/start", json: start)
      }
      repeatedly(&group, load) { [client] in
        try await client.send(.get, Paths.recordings + "?limit=5")
      }
      for _ in 0..<4 {
        repeatedly(&group, load) { [client, recordings, journal] in
          try await client.appendOne(to: recordings[0], journal)
        }
      }
      let admin = Client(url: service.adminURL, key: nil)
      repeatedly(&group, liveness) { try await admin.send(.get, "/livez") }
      repeatedly(&group, liveness) { [client] in try await client.send(.get, "/livez") }
      repeatedly(&group, readiness) { try await admin.send(.get, "/readyz") }
    }

    /// Asks again and again, with the pause of a poll in between.
    private func repeatedly(
      _ group: inout ThrowingTaskGroup<Void, any Error>, _ samples: Samples,
      _ request: @escaping @Sendable () async throws -> Answer
    ) {
      group.addTask { [self] in
        try await eventually(within: .seconds(120), "the end of the outage") {
          let sent = ContinuousClock.now
          let answer = try await request()
          samples.add(
            Sample(
              sent: sent, took: .now - sent, status: answer.status, code: answer.code ?? "",
              hasRetryAfter: !answer.headers["retry-after"].isEmpty))
          return isOver.load(ordering: .relaxed)
        }
      }
    }

    func interrupt(
      _ deployment: Deployment, _ kind: Kind, _ relay: Relay?
    ) async throws -> (gone: Instant, returning: Instant, back: Instant, residentBytes: Int) {
      try await eventually("load") { journal.acknowledgedCount > 300 }
      let residentBytes = service.residentBytes
      let (gone, returning) =
        switch kind {
        case .stopped: try await stop(deployment.postgres)
        case .frozen: try await Freeze.hold(deployment.postgres) { try await outlast() }
        case .silent: try await silence(relay)
        case .locked: try await lock(deployment)
        }
      let back = ContinuousClock.now
      let acknowledged = journal.acknowledgedCount
      try await eventually("success after the outage") {
        journal.acknowledgedCount > acknowledged + 300
          && readiness.all.contains { $0.sent > back && $0.status == 200 }
      }
      return (gone, returning, back, residentBytes)
    }

    private func stop(_ postgres: EmbeddedPostgres) async throws -> (Instant, Instant) {
      await postgres.stop(.fast)
      let times = try await outlast()
      try await postgres.restart()
      return times
    }

    private func silence(_ relay: Relay?) async throws -> (Instant, Instant) {
      guard let relay else { throw TestSupportError("nothing stands before the server") }
      relay.swallowAnswers()
      defer { relay.handOnAnswers() }
      return try await outlast()
    }

    private func lock(_ deployment: Deployment) async throws -> (Instant, Instant) {
      try await deployment.withDatabase { connection in
        _ = try await connection.execute(Query("begin"))
        _ = try await connection.execute(
          Query("lock table hansard.recording_progress in access exclusive mode", prepared: false))
        let times = try await outlast()
        _ = try await connection.execute(Query("rollback"))
        return times
      }
    }

    /// Waits for as long as an outage is to last, and says from when to when that was.
    private func outlast() async throws -> (Instant, Instant) {
      let gone = ContinuousClock.now
      try await eventually(within: length + .seconds(5), "the length of the outage") {
        ContinuousClock.now - gone >= length
      }
      return (gone, ContinuousClock.now)
    }
  }

  /// Collects samples.
  private final class Samples: Sendable {
    private let samples = Mutex<[Sample]>([])
    func add(_ sample: Sample) { samples.withLock { $0.append(sample) } }
    var all: [Sample] { samples.withLock { $0 } }
  }
}

extension Client {
  /// Appends an event without an id of its own: each is another event.
  fileprivate func appendOne(to recording: String, _ journal: Journal) async throws -> Answer {
    var random = SystemRandomNumberGenerator()
    var ids = SeededGenerator(seed: random.next())
    let data = #"{"of":"the outage"}"#
    // Each is a writer of its own: nothing is said of their order.
    let writer = -Int(random.next() >> 2)
    let event = Journal.Sent(
      recording: recording, writer: writer, number: 0, id: ids.uuid(), type: "probe",
      data: Array(data.utf8))
    journal.sending([event])
    let body = #"{"event_id":"\#(event.id)","event_type":"probe","event_data":\#(data)}"#
    let answer = try await send(.post, Paths.recording(recording, "event"), json: body)
    if answer.status == 201 {
      journal.acknowledged([(id: event.id, receipt: try Journal.Receipt(try answer.json))])
    }
    return answer
  }
}
