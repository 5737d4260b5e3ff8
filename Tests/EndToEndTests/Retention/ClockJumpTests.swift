// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import Protection
import TestSupport
import Testing

/// The clock of a real database server jumps under a running service: nothing is purged for it, and the next run
/// says so.
@Suite(.serialized, .exclusive, .enabled(if: FakeClock.isThere, "libfaketime is not installed"))
struct ClockJumpTests {
  private static let day = 86_400
  private static let year = 365 * day
  private static let quick = ["HANSARD_RETENTION_INTERVAL_SECONDS": "1"]

  /// Seconds that the clock jumps by, and what is said of it; nil: it is no jump.
  private static let jumps: [(seconds: Int, verdict: String?)] = [
    (10 * year, "jumped"), (-10 * year, "backwards"), (3700, "jumped"), (-3700, "backwards"),
    (-120, "backwards"), (1, nil), (-1, nil), (1800, nil),
  ]

  @Test(.timeLimit(.minutes(4))) func aClockThatJumpsPurgesNothing() async throws {
    try await FakeClock.with { clock in
      try await Deployment.with(binaries: clock.binaries) { deployment in
        let stage = try await JumpStage(deployment)
        try await deployment.withService(Self.quick) { service in
          try await stage.becomesSteady(service)
          for jump in Self.jumps {
            try clock.set(aheadBy: jump.seconds)
            try await stage.says(jump.verdict, service)
            #expect(try await stage.purged() == 0, "\(jump)")
            try clock.set(aheadBy: 0)
            // As it was suspended, it stays so until somebody has looked.
            if jump.verdict != nil { #expect(try await stage.suspended() == jump.verdict) }
            try await deployment.run(["retention", "confirm-clock"])
            try await stage.becomesSteady(service)
          }
          // With the clock right, what has expired goes.
          try await stage.expireOne()
          try await eventually("a purge") { try await stage.purged() == 1 }
        }
        try await aServiceThatStartsUnderAWrongClockPurgesNothing(clock, stage)
        try await withoutTheCheckItPurges(clock, stage)
      }
    }
  }

  private func aServiceThatStartsUnderAWrongClockPurgesNothing(
    _ clock: FakeClock, _ stage: JumpStage
  ) async throws {
    for seconds in [10 * Self.year, -10 * Self.year] {
      try clock.set(aheadBy: seconds)
      try await stage.deployment.withService(Self.quick) { service in
        try await stage.says(seconds > 0 ? "forwards" : "backwards", service)
        #expect(try await stage.purged() == 1)
      }
      try clock.set(aheadBy: 0)
      try await stage.deployment.run(["retention", "confirm-clock"])
    }
  }

  /// The planted defect: nobody looks at the clock.
  private func withoutTheCheckItPurges(_ clock: FakeClock, _ stage: JumpStage) async throws {
    try await stage.believeAnyClock()
    try clock.set(aheadBy: 10 * Self.year)
    try await stage.deployment.withService(Self.quick) { _ in
      try await eventually("a purge") {
        try await stage.purged() == JumpStage.recordings
      }
    }
    try clock.set(aheadBy: 0)
  }
}

/// A deployment with recordings that have stopped and expire in 90 days.
private struct JumpStage: Sendable {
  static let recordings: Int64 = 6

  let deployment: Deployment

  init(_ deployment: Deployment) async throws {
    self.deployment = deployment
    let tenant = try await deployment.makeTenant("clocks")
    let key = try await tenant.makeKey(.init("admin", user: "root")).text
    try await deployment.withService { service in
      for _ in 0..<Self.recordings { _ = try await service.client(key).make(.stoppedRecording) }
    }
  }

  func purged() async throws -> Int64 {
    try await deployment.value("select count(*) from hansard.purge_certificates")
  }

  func suspended() async throws -> String? {
    try await deployment.value("select suspended_because from hansard.retention_clock")
  }

  /// Waits for two runs that find the clock right.
  func becomesSteady(_ service: Service) async throws {
    let before = try await lastRun()
    try await eventually("a run") {
      let isSteady = try await suspended() == nil
      return try await lastRun() != before && isSteady
    }
  }

  /// Waits for the verdict of the next runs.
  func says(_ verdict: String?, _ service: Service) async throws {
    guard let verdict else { return try await becomesSteady(service) }
    try await eventually("\(verdict)") {
      let metrics = try await service.client(nil).send(.get, "/metrics").text
      return metrics.contains("hansard_retention_suspended 1")
    }
    #expect(try await suspended() == verdict)
  }

  func expireOne() async throws {
    try await change(
      """
      update hansard.canvas_recordings set expires_at = clock_timestamp() - interval '1 minute'
      where recording_id = (select recording_id from hansard.canvas_recordings limit 1)
      """)
  }

  func believeAnyClock() async throws {
    try await change(
      """
      create or replace function hansard.require_steady_clock() returns void
        language sql as ''
      """)
    try await change(
      """
      create or replace function hansard.check_retention_clock(
        host_now timestamptz, since timestamptz, elapsed double precision)
        returns table (moment timestamptz, suspended_because text)
        language sql as 'select clock_timestamp(), null::text'
      """)
  }

  private func lastRun() async throws -> String {
    try await deployment.value("select last_now::text from hansard.retention_clock")
  }

  private func change(_ sql: String) async throws {
    try await deployment.withDatabase { _ = try await $0.execute(Query(sql, prepared: false)) }
  }
}
