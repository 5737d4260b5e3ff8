// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import Protection
import TestSupport
import Testing

/// Recovery sessions at the end of their retention, purged by a running service and by the command.
@Suite(.serialized, .exclusive)
struct RecoveryRetentionTests {
  private static let sessions = RecoveryFlowTests.sessions
  private static let quick = ["HANSARD_RETENTION_INTERVAL_SECONDS": "1"]

  private struct Stage {
    let deployment: Deployment
    let tenant: Tenant
    let recorder: String
    let ann: String
    let admin: String

    init(_ deployment: Deployment) async throws {
      self.deployment = deployment
      tenant = try await deployment.makeTenant("retention")
      let keys = try await tenant.makeKeys([
        "recorder": .init("recorder"), "member": .init("member", user: "ann"),
        "admin": .init("admin"),
      ]).mapValues(\.text)
      recorder = keys["recorder"] ?? ""
      ann = keys["member"] ?? ""
      admin = keys["admin"] ?? ""
    }

    func log(_ count: Int, in session: String, _ service: Service) async throws {
      let attempts = Array(repeating: RecoveryFlowTests.attempt(), count: count)
      let answer = try await service.client(recorder).send(
        .post, "\(RecoveryRetentionTests.sessions)/\(session)/attempts",
        json: "[\(attempts.joined(separator: ","))]")
      guard answer.status == 201 else { throw TestSupportError(answer.text) }
    }

    func expire(_ session: String) async throws {
      try await deployment.withDatabase { connection in
        _ = try await connection.execute(
          Query(
            """
            update hansard.recovery_sessions set expires_at = clock_timestamp()
            where tenant_id = '\(tenant.id)' and session_id = '\(session)'
            """, prepared: false))
      }
    }

    func count(_ table: String, _ condition: String = "true") async throws -> Int64 {
      try await deployment.value(
        "select count(*) from hansard.\(table) where tenant_id = '\(tenant.id)' and \(condition)")
    }

    /// What each route says of a session: its statuses and codes.
    func answers(_ session: String, _ service: Service) async throws -> [String] {
      let path = "\(RecoveryRetentionTests.sessions)/\(session)"
      var answers: [Answer] = []
      for rest in ["", "/history", "/statistics", "/report", "/export", "/export?format=csv"] {
        answers.append(try await service.client(ann).send(.get, path + rest))
      }
      answers.append(
        try await service.client(recorder).send(
          .post, "\(path)/attempts", json: RecoveryFlowTests.attempt()))
      return answers.map { "\($0.status) \($0.code ?? "")" }
    }
  }

  private static let gone = Array(repeating: "410 session_expired", count: 7)

  /// Either may have purged all of it before the other one's first run is over.
  private func hasRunWithoutFailure(_ service: Service) async throws {
    var metrics = ""
    try await eventually("a run of each") {
      metrics = try await Client(url: service.adminURL, key: nil).send(.get, "/metrics").text
      return metrics.contains("hansard_retention_last_run_timestamp_seconds 1")
    }
    #expect(metrics.contains("\nhansard_retention_failures_total 0\n"))
  }

  /// Three services, two of which purge; whoever reads is told the same before and after.
  @Test(.timeLimit(.minutes(2)))
  func runningServicesPurgeByThemselves() async throws {
    let deployment = try await Deployment.shared()
    let stage = try await Stage(deployment)
    // One that has not looked yet when the session expires.
    try await deployment.withService(["HANSARD_RETENTION_INTERVAL_SECONDS": "3600"]) { service in
      try await stage.log(3, in: "old", service)
      try await stage.log(2, in: "new", service)
      try await stage.expire("old")
      let before = try await stage.answers("old", service)
      #expect(before == Self.gone)
      #expect(try await stage.count("recovery_keys") == 2)
      try await deployment.withService(Self.quick) { one in
        try await deployment.withService(Self.quick) { other in
          try await eventually("a purge") {
            try await stage.count("recovery_attempts") == 2
          }
          for service in [service, one, other] {
            let after = try await stage.answers("old", service)
            #expect(after == Self.gone)
          }
          for round in 1...5 {
            try await stage.log(1, in: "more-\(round)", one)
            try await stage.expire("more-\(round)")
          }
          try await eventually("the next purges") {
            try await stage.count("recovery_keys") == 1
          }
          for service in [one, other] { try await hasRunWithoutFailure(service) }
          let logs = one.log + other.log
          #expect(logs.contains("recovery sessions purged"))
          #expect(!logs.contains("duty failed"), "\(logs)")
        }
      }
      let admin = service.client(stage.admin)
      let tombstones = try await admin.send(.get, "\(Self.sessions)?cleared=true").json.elements
        .map { ($0["session_id"]?.raw, $0["clear_cause"]?.raw, $0["cleared_by"]?.raw) }
      #expect(tombstones.count == 6)
      #expect(tombstones.allSatisfy { $0.1 == #""expired""# && $0.2 == #""system""# })
      let live = try await admin.send(.get, Self.sessions).json.elements
        .map { ($0["session_id"]?.raw, $0["clear_cause"]?.raw) }
      #expect(live.count == 1 && live[0].0 == #""new""# && live[0].1 == "null")
      let taken = try await admin.send(.post, Self.sessions, json: #"{"session_id":"old"}"#)
      #expect(taken.status == 409 && taken.code == "session_exists")
      let lines = try await admin.send(
        .get, "/api/governance/audit?action=purge_recovery_sessions"
      ).json.elements
      let sessions = try lines.compactMap { try $0["audit_metadata"]?["sessions"]?.text() }
        .compactMap { Int($0) }
      #expect(sessions.reduce(0, +) == 6)
      #expect(lines.allSatisfy { $0["actor"]?.raw == #""system""# })
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func anOperatorLooksAndPurges() async throws {
    try await Deployment.with { deployment in
      let stage = try await Stage(deployment)
      let service = try await deployment.startService()
      try await stage.log(3, in: "old", service)
      try await stage.log(1, in: "new", service)
      #expect(try await service.stop() == .exited(0))
      let idle = try await deployment.run(["retention", "status"])
      #expect(
        idle
          == "due_recordings=0  held_recordings=0  unswept_recordings=0  purged_recordings=0  "
          + "archived_recordings=0  archives_in_progress=0  condemned_archives=0  "
          + "due_recovery_sessions=0  unswept_recovery_sessions=0  purged_recovery_sessions=0\n")
      try await stage.expire("old")
      let due = try await deployment.answer(["retention", "status"])
      #expect(due["due_recovery_sessions"]?.raw == "1" && due["oldest_due_at"]?.isNull == false)
      #expect(due["last_purged_at"]?.isNull == true)
      let run = try await deployment.run(["retention", "run", "--once"])
      #expect(
        run == "purged_recordings=0  purged_events=0  dropped_partitions=0  "
          + "purged_recovery_sessions=1  purged_recovery_attempts=3  "
          + "completed_abandoned_recordings=0  changed_recordings=0  archived_recordings=0  "
          + "destroyed_archives=0  trimmed_leftovers=0\n")
      let again = try await deployment.answer(["retention", "run", "--once"])
      #expect(
        again.raw == #"{"purged_recordings":0,"purged_events":0,"dropped_partitions":0,"#
          + #""purged_recovery_sessions":0,"purged_recovery_attempts":0,"#
          + #""completed_abandoned_recordings":0,"changed_recordings":0,"archived_recordings":0,"#
          + #""destroyed_archives":0,"trimmed_leftovers":0}"#)
      let after = try await deployment.answer(["retention", "status"])
      #expect(after["due_recovery_sessions"]?.raw == "0")
      #expect(after["purged_recovery_sessions"]?.raw == "1")
      #expect(after["last_purged_at"]?.isNull == false)
      #expect(try await stage.count("recovery_keys") == 1)
      let bare = try await Executable.run(
        ["retention", "run"], environment: deployment.environment)
      #expect(bare.status == .exited(64) && bare.output.contains("--once"))
      // What fails is told, and is no success.
      try await stage.expire("new")
      try await deployment.withDatabase { connection in
        _ = try await connection.execute(
          Query("revoke insert on hansard.canvas_audit from hansard_service", prepared: false))
      }
      let failed = try await Executable.run(
        ["retention", "run", "--once"], environment: deployment.environment)
      #expect(failed.status == .exited(1), "\(failed.output)")
      #expect(failed.output.contains("audit log"))
      #expect(try await stage.count("recovery_keys") == 1)
    }
  }

  /// The database goes and comes back; the service purges what has expired meanwhile, without a restart.
  @Test(.timeLimit(.minutes(2)))
  func anOutageIsOutlived() async throws {
    try await Deployment.with { deployment in
      let stage = try await Stage(deployment)
      try await deployment.withService(Self.quick) { service in
        try await stage.log(2, in: "old", service)
        try await stage.expire("old")
        try await eventually("a purge") {
          try await stage.count("recovery_keys") == 0
        }
        try await stage.log(2, in: "next", service)
        await deployment.postgres.kill()
        try await eventually("failures") {
          try await Client(url: service.adminURL, key: nil).send(.get, "/metrics").text
            .contains("hansard_retention_failures_total 2")
        }
        try await deployment.postgres.restart()
        try await stage.expire("next")
        try await eventually("a purge afterwards") {
          try await stage.count("recovery_keys") == 0
        }
        try await eventually("that it is told") {
          service.log.contains("duty resumed")
        }
        let told = service.log.split(separator: "\n").filter {
          $0.contains(#""duty":"retention""#)
        }
        #expect(told.count == 2, "\(told)")
      }
    }
  }
}
