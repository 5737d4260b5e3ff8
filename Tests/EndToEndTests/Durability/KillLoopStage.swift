// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Synchronization
import TestSupport

/// The processes of one loop.
final class KillLoopStage: Sendable {
  private let loop: KillLoop
  private let deployment: Deployment
  private let relay: Relay
  private let disk: KillLoop.Disk
  private let tenant: Tenant
  private let key: String
  /// The first ones are for events with ids; the last two for events without.
  private let recordings: [String]
  private let recordingsForOneShots: [String]
  private let journal = Journal()
  private let lifecycle = Lifecycle()
  private let oneShots = OneShots()
  private let services: Mutex<[Service]>
  private let resumptions = Mutex<[Duration]>([])
  private let isOver = Atomic<Bool>(false)

  private init(
    _ loop: KillLoop, _ deployment: Deployment, _ relay: Relay, _ disk: KillLoop.Disk,
    _ tenant: Tenant, key: String, recordings: [String], services: [Service]
  ) {
    self.loop = loop
    self.deployment = deployment
    self.relay = relay
    self.disk = disk
    self.tenant = tenant
    self.key = key
    self.recordings = Array(recordings.dropLast(2))
    recordingsForOneShots = Array(recordings.suffix(2))
    self.services = Mutex(services)
  }

  static func make(
    _ deployment: Deployment, _ relay: Relay, _ disk: KillLoop.Disk, _ loop: KillLoop
  ) async throws -> KillLoopStage {
    let port = deployment.postgres.port
    let database =
      "host=\(relay.directory) port=\(port) user=hansard_service dbname=postgres"
    let environment = loop.environment.merging(["DATABASE_URL": database]) { $1 }
    let tenant = try await deployment.makeTenant("kill loop")
    let key = try await tenant.makeKey(.init("admin", user: "alice")).text
    let services = [
      try await deployment.startService(environment),
      try await deployment.startService(environment),
    ]
    var recordings: [String] = []
    for _ in 0..<loop.recordings + 2 {
      recordings.append(try await services[0].client(key).startRecording())
    }
    return KillLoopStage(
      loop, deployment, relay, disk, tenant, key: key, recordings: recordings, services: services)
  }

  private var scene: KillLoop.Scene {
    let services = services.withLock { $0 }
    return KillLoop.Scene(
      deployment: deployment, tenant: tenant, clients: services.map { $0.client(key) },
      environment: services.first?.settings.environment ?? [:], journal: journal,
      recordings: recordings, isOver: { [self] in isOver.load(ordering: .relaxed) })
  }

  /// Writers on the one side, the killer on the other.
  func play() async throws {
    let scene = scene
    try await loop.companion?.prepare(scene)
    try await withThrowingTaskGroup(of: Void.self) { group in
      if let companion = loop.companion { group.addTask { try await companion.run(scene) } }
      for number in 0..<loop.writers {
        group.addTask { [self] in
          let service = services.withLock { $0[number % $0.count] }
          let writer = Writer(
            number: number, recording: recordings[number % recordings.count],
            client: service.client(key), journal: journal)
          try await writer.write { isOver.load(ordering: .relaxed) }
        }
      }
      for index in 0..<8 {
        group.addTask { [self] in
          let service = services.withLock { $0[index % $0.count] }
          try await oneShots.write(
            to: recordingsForOneShots[index / 4], by: index, service.client(key)
          ) { isOver.load(ordering: .relaxed) }
        }
      }
      for index in 0..<2 {
        group.addTask { [self] in
          let service = services.withLock { $0[index % $0.count] }
          try await lifecycle.live(service.client(key)) { isOver.load(ordering: .relaxed) }
        }
      }
      group.addTask { [self] in
        defer { isOver.store(true, ordering: .relaxed) }
        var generator = SeededGenerator(seed: Effort.seed)
        for round in 0..<loop.rounds {
          try await eventsArrive(generator.int(20..<300), in: round)
          try await end(loop.victims[round % loop.victims.count], &generator)
        }
        try await eventsArrive(200, in: loop.rounds)
      }
      try await group.waitForAll()
    }
  }

  /// For whoever has to find out why it broke off.
  func situation() async -> String {
    await Situation.text(journal, services.withLock { $0 }, deployment.postgres)
  }

  private func eventsArrive(_ count: Int, in round: Int) async throws {
    let wanted = journal.acknowledgedCount + count
    try await eventually("acknowledgements in round \(round)") {
      journal.acknowledgedCount >= wanted
    }
  }

  private func end(_ victim: KillLoop.Victim, _ generator: inout SeededGenerator) async throws {
    switch victim {
    case .service:
      let index = generator.int(0..<2)
      let service = services.withLock { $0[index] }
      await service.kill()
      let next = try await service.again()
      services.withLock { $0[index] = next }
    case .answers: relay.loseAnswers()
    case .backend: try await killBackend(&generator)
    case .postgres:
      await deployment.postgres.kill()
      try await deployment.postgres.restart()
    case .immediateStop:
      await deployment.postgres.stop(.immediate)
      try await deployment.postgres.restart()
    case .power: try await cutPower()
    case .space, .logSpace:
      guard let disk = disk.small else { throw TestSupportError("this disk is too large") }
      try await refuseWriters(taking: disk.fill, givingBack: disk.clear)
    case .syncs:
      let disk = try forgetfulDisk()
      try await refuseWriters(taking: disk.fail, givingBack: disk.mend)
    }
  }

  private func cutPower() async throws { try await deployment.cutPower(try forgetfulDisk()) }

  private func forgetfulDisk() throws -> ForgetfulDisk {
    guard let disk = disk.forgetful else { throw TestSupportError("this disk forgets nothing") }
    return disk
  }

  /// Takes from PostgreSQL what it needs for a commit until all writers are being refused, and gives it back.
  private func refuseWriters(
    taking take: () throws -> Void, givingBack giveBack: () throws -> Void
  ) async throws {
    try take()
    let wanted = journal.refusalCount + loop.writers
    do {
      try await eventually("refusals") { journal.refusalCount >= wanted }
    } catch {
      try giveBack()
      throw error
    }
    let returned = ContinuousClock.now
    let acknowledged = journal.acknowledgedCount
    try giveBack()
    try await eventually("an acknowledgement after what was taken is back") {
      // What a service manager does where PostgreSQL gives up, which may be after the return of what
      // its recovery had missed. The service goes on as it is.
      if await !deployment.postgres.isRunning { try await deployment.postgres.restart() }
      return journal.acknowledgedCount > acknowledged
    }
    resumptions.withLock { $0.append(.now - returned) }
  }

  /// One of the backends that serve the service. The postmaster is halted meanwhile, so that a
  /// backend that ends by itself stays a zombie and its number cannot become somebody else's.
  private func killBackend(_ generator: inout SeededGenerator) async throws {
    let postmaster = await deployment.postgres.processID
    Glibc.kill(postmaster, SIGSTOP)
    defer { Glibc.kill(postmaster, SIGCONT) }
    let backends = await deployment.postgres.backends().filter {
      Self.title($0).contains("[local]")
    }
    guard !backends.isEmpty else { throw TestSupportError("there is no backend to kill") }
    Glibc.kill(backends[generator.int(0..<backends.count)], SIGKILL)
  }

  /// What a backend shows of itself: `postgres: user database [local] state`.
  private static func title(_ processID: Int32) -> String {
    let line = FileManager.default.contents(atPath: "/proc/\(processID)/cmdline") ?? Data()
    return String(decoding: line, as: UTF8.self)
  }

  /// Compares, after a last restart of everything: what counts is what is on disk.
  func report() async throws -> KillLoop.Report {
    for service in services.withLock({ $0 }) {
      let status = try await service.stop()
      if status != .exited(0) { journal.surprised("a service ended with \(status)") }
    }
    if disk.forgetful != nil {
      try await cutPower()
    } else {
      await deployment.postgres.kill()
      try await deployment.postgres.restart()
    }
    let (stored, shots) = try await deployment.withService { service in
      let client = service.client(key)
      return (
        try await readBack(recordings, client), try await readBack(recordingsForOneShots, client)
      )
    }
    return KillLoop.Report(
      findings: Testimony(journal).findings(in: stored),
      faultsOfOneShots: oneShots.faults(in: shots), oneShots: oneShots.acknowledgedCount,
      wrongLeaves: try await deployment.withDatabase { try await LeafAudit.wrongLeaves($0) },
      repeatedNonces: try await deployment.withDatabase { try await LeafAudit.repeatedNonces($0) },
      surprises: journal.surprises,
      contradictions: try await deployment.withDatabase { try await lifecycle.faults($0) },
      lives: lifecycle.count, stored: stored.count,
      lostAnswers: relay.lostAnswers, forgottenPages: forgottenPages,
      resumptions: resumptions.withLock { $0 }, panics: panics, refusals: journal.refusals,
      summary: journal.summary)
  }

  private var forgottenPages: Int { disk.forgetful?.forgottenPages ?? 0 }

  private var panics: Int {
    let log = FileManager.default.contents(atPath: deployment.postgres.logFile) ?? Data()
    return String(decoding: log, as: UTF8.self).components(separatedBy: "PANIC:").count - 1
  }

  private func readBack(_ recordings: [String], _ client: Client) async throws -> [Testimony.Stored]
  {
    var stored: [Testimony.Stored] = []
    for recording in recordings {
      stored += try await client.allEvents(of: recording)
        .map { try Testimony.Stored($0, of: recording) }
    }
    return stored
  }
}
