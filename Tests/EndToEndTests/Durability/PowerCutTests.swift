// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import TestSupport
import Testing

/// The power goes under load: what was acknowledged had been synced, so it is there afterwards.
@Suite(
  .serialized, .exclusive,
  .enabled(
    if: ForgetfulDisk.obstacle == nil,
    Comment(rawValue: "no power to cut: \(ForgetfulDisk.obstacle ?? "")")))
struct PowerCutTests {
  /// The disk itself is judged first.
  @Test func theDiskForgetsWhatWasNotSyncedAndNothingElse() async throws {
    try await ForgetfulDisk.with { disk in
      let path = "\(disk.path)/file"
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      #expect(descriptor >= 0)
      defer { close(descriptor) }
      func text() -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
      }
      #expect(pwrite(descriptor, "synced", 6, 0) == 6)
      #expect(fdatasync(descriptor) == 0)
      #expect(pwrite(descriptor, "not ", 4, 6) == 4)
      #expect(pwrite(descriptor, "S", 1, 0) == 1)
      #expect(text() == "Syncednot ")
      try disk.forget()
      #expect(text() == "synced")
      #expect(ftruncate(descriptor, 2) == 0)
      #expect(text() == "sy")
      try disk.forget()
      #expect(text() == "synced")
      #expect(ftruncate(descriptor, 2) == 0)
      #expect(pwrite(descriptor, "end", 3, 5) == 3)
      #expect(fsync(descriptor) == 0)
      try disk.forget()
      #expect(text() == "sy\0\0\0end")
      #expect(pwrite(descriptor, "E", 1, 5) == 1)
      try disk.fail()
      #expect(fsync(descriptor) == -1 && errno == EIO)
      #expect(text() == "sy\0\0\0end")
      try disk.mend()
      #expect(fsync(descriptor) == 0)
      try disk.lie()
      #expect(pwrite(descriptor, "E", 1, 5) == 1)
      #expect(fsync(descriptor) == 0)
      try disk.forget()
      #expect(text() == "sy\0\0\0end")
    }
  }

  @Test(.timeLimit(.minutes(Effort.minutes())))
  func noAcknowledgedEventIsLostWhenThePowerGoes() async throws {
    let rounds = Effort.rounds(standard: 5)
    let report = try await KillLoop(rounds: rounds, victims: [.power]).run()
    print(
      "power: \(rounds) cuts, seed \(Effort.seed): \(report.forgottenPages) pages forgotten; "
        + "\(report.summary); \(report.lives) whole lives, \(report.oneShots) one-shots")
    report.expectKeptPromises()
    #expect(report.stored >= 20 * rounds)
    #expect(report.forgottenPages >= rounds)
  }

  /// A disk that says of each sync that it is done, and does nothing, must be noticed.
  @Test(.timeLimit(.minutes(5)))
  func theLoopNoticesADiskThatLies() async throws {
    let report: KillLoop.Report
    do {
      report = try await KillLoop(rounds: 1, victims: [.power], diskLies: true).run()
    } catch let error as UnrecoveredError {
      // What it had of its files was not even enough to recover from: PostgreSQL panics over that.
      print("power with a disk that lies: \(error)")
      #expect("\(error)".contains("PANIC"))
      return
    }
    let lost = report.findings.losses
    print("power with a disk that lies: \(lost.count) lost; \(report.summary)")
    #expect(!lost.isEmpty)
  }

  /// A server with `fsync = off`, which the service refuses, does lose what it has committed.
  @Test(.timeLimit(.minutes(5)))
  func aServerThatDoesNotSyncLosesWhatItCommitted() async throws {
    try await ForgetfulDisk.with { disk in
      try await Deployment.with(on: disk.path) { deployment in
        try await Psql(postgres: deployment.postgres, database: "postgres")
          .run(["-c", "create table kept (n bigint)"])
        try await deployment.configure("fsync", "off")
        try await deployment.withDatabase { connection in
          for n in 1...100 {
            _ = try await connection.execute(
              Query("insert into kept values (\(n))", prepared: false))
          }
        }
        // It comes up: its disk has what the server before it had synced at its end.
        try await deployment.cutPower(disk)
        let left: Int64 = try await deployment.value("select count(*) from kept")
        print("power with fsync = off: \(100 - left) of 100 committed rows lost")
        #expect(left < 100)
      }
    }
  }

  /// A server that cannot recover is told from everything else that may go wrong, in its own words.
  @Test(.timeLimit(.minutes(2)))
  func saysWhyAServerDidNotRecover() async throws {
    try await ForgetfulDisk.with { disk in
      try await Deployment.with(on: disk.path) { deployment in
        try await deployment.cutPower(disk)
        #expect(unlink("\(disk.path)/data/global/pg_control") == 0)
        let error = await #expect(throws: UnrecoveredError.self) {
          try await deployment.cutPower(disk)
        }
        #expect(error?.description.contains("pg_control") == true)
        await #expect(throws: EmbeddedPostgresError.self) {
          try await deployment.postgres.restart()
        }
      }
    }
  }
}
