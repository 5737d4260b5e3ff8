// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Protection
import TestSupport

/// One restoration, and what an operator does about it.
struct RestoreScene: Sendable {
  let backup: PointInTime
  let history: RestoreHistory
  /// The log of erasures as it was when the database was lost.
  let log: String
  let position: Int64
  let number: Int

  private var erasing: Erasing { history.erasing }
  private var deployment: Deployment { backup.deployment }

  func play() async throws -> RestoreDrill.Round {
    var round = RestoreDrill.Round()
    // What a service says that knows nothing of the log: on a copy, which it may change.
    try await restored("unguarded-\(number)", log: nil) { stage in
      try await stage.withService(untilReady: true) { service in
        round.toldWithoutLog = try await erasing.told(history.things, by: service).count
      }
    }
    let copy = deployment.file("log-\(number)")
    try FileManager.default.copyItem(atPath: log, toPath: copy)
    try await restored("restored-\(number)", log: copy) { stage in
      round.survivors =
        Int(try await stage.value("select count(*) from hansard.recording_keys")) - 2
      round.survivors += Int(try await stage.value("select count(*) from hansard.recovery_keys"))
      if round.survivors > 0 { try await refused(stage, &round) }
      try await reapplied(stage, &round)
      try await stage.withService(untilReady: true) { service in
        try await compare(service, stage, &round)
      }
    }
    return round
  }

  private func restored(
    _ name: String, log: String?, _ body: (Stage) async throws -> Void
  ) async throws {
    try await backup.restoring(to: position, as: name) { server in
      try await body(Stage(deployment: deployment, server: server, log: log))
    }
  }

  /// Before the log is applied nothing is served, and nothing is purged.
  private func refused(_ stage: Stage, _ round: inout RestoreDrill.Round) async throws {
    try await stage.withService(untilReady: false) { service in
      let ready = await service.probe("/readyz")
      if ready?.status != 503 || ready?.text.contains("restored") != true {
        round.faults.append("ready: \(ready?.text ?? "nobody")")
      }
      for thing in history.things {
        let client = erasing.client(of: thing.kind, on: service)
        let answer = try await client.send(.get, thing.path)
        if answer.status != 503 { round.faults.append("served: \(answer.status) \(thing.word)") }
      }
      if try await erasing.told(history.things, by: service) != [] { round.faults.append("told") }
    }
    if try await stage.run(["restore", "status"]).status != .exited(1) {
      round.faults.append("its status is not 1")
    }
    let before = try await stage.value("select count(*) from hansard.purge_certificates")
    if try await stage.run(["retention", "run", "--once"]).status != .exited(1) {
      round.faults.append("retention runs")
    }
    if try await stage.value("select count(*) from hansard.purge_certificates") != before {
      round.faults.append("something was purged")
    }
  }

  private func reapplied(_ stage: Stage, _ round: inout RestoreDrill.Round) async throws {
    let outcome = try await stage.run(["restore", "reapply"])
    if outcome.status != .exited(0) { round.faults.append("reapply: \(outcome.output)") }
    let status = try await stage.run(["restore", "status"])
    if status.status != .exited(0) { round.faults.append("status: \(status.output)") }
  }

  /// What had been acknowledged is there, and what had been erased is not: in answers, as keys, or in a dump.
  private func compare(
    _ service: Service, _ stage: Stage, _ round: inout RestoreDrill.Round
  ) async throws {
    let client = service.client(erasing.key)
    var stored: [Testimony.Stored] = []
    for recording in history.recordings {
      stored += try await client.allEvents(of: recording)
        .map { try Testimony.Stored($0, of: recording) }
    }
    (round.findings, round.acknowledged) = history.findings(in: stored, at: position)
    round.wrongLeaves = try await stage.server.withConnection {
      try await LeafAudit.wrongLeaves($0)
    }
    round.faults += try await erasing.told(history.things, by: service).map { "told again: \($0)" }
    let keys =
      try await stage.value("select count(*) from hansard.recording_keys") - 2
      + stage.value("select count(*) from hansard.recovery_keys")
    if keys != 0 { round.faults.append("\(keys) keys are there") }
    let dump = try await Psql(postgres: stage.server, database: "postgres").dump(schemaOnly: false)
    round.faults += history.things.filter { dump.contains($0.word) }.map { "in a dump: \($0.word)" }
    let answer = try await client.send(
      .post, Paths.recording(history.recordings[0], "event"),
      json: #"{"event_type":"after","event_data":{}}"#)
    if answer.status != 201 { round.faults.append("not written: \(answer.text)") }
  }

  /// The restored server, and programs that work on it.
  struct Stage: Sendable {
    let deployment: Deployment
    let server: EmbeddedPostgres
    let log: String?

    private var environment: [String: String] {
      var environment = [
        "DATABASE_URL": server.conninfo(user: "hansard_service"),
        "HANSARD_MIGRATE_DATABASE_URL": server.conninfo(user: "postgres"),
      ]
      if let log { environment["HANSARD_ERASURE_LOG_URL"] = "file://\(log)" }
      return environment
    }

    func run(_ arguments: [String]) async throws -> Executable.Outcome {
      try await Executable.run(
        arguments, environment: deployment.environment.merging(environment) { $1 })
    }

    func withService(
      untilReady: Bool, _ body: (Service) async throws -> Void
    ) async throws {
      try await deployment.withService(environment, untilReady: untilReady, body)
    }

    func value(_ sql: String) async throws -> Int64 { try await server.value(sql) }
  }
}
