// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

@Suite struct EmbeddedPostgresTests {
  @Test func startsInitialisesAndStops() async throws {
    try await withServerDirectory { directory in
      let server = try await EmbeddedPostgres.start(.init(dataDirectory: "\(directory)/data"))
      let psql = Psql(postgres: server, database: "postgres")
      let settings = try await psql.run([
        "-c", "select current_setting('fsync'), current_setting('data_checksums')",
        "-c", "select pg_encoding_to_char(encoding), datcollate from pg_database limit 1",
      ])
      #expect(settings == "on|on\nUTF8|C.UTF-8\n")
      #expect(await server.stop(.fast) == .exited(0))
      #expect(!FileManager.default.fileExists(atPath: server.socketDirectory))
    }
  }

  @Test func isOurOwnChildAndLeavesNoZombie() async throws {
    try await withServerDirectory { directory in
      let server = try await EmbeddedPostgres.start(quick(directory))
      let processID = await server.processID
      #expect(parent(of: processID) == getpid())
      await server.stop(.immediate)
      #expect(kill(processID, 0) == -1 && errno == ESRCH)
    }
  }

  @Test func keepsItsDataOverACrash() async throws {
    try await withServerDirectory { directory in
      let server = try await EmbeddedPostgres.start(.init(dataDirectory: "\(directory)/data"))
      let psql = Psql(postgres: server, database: "postgres")
      try await psql.run(["-c", "create table kept (n int)", "-c", "insert into kept values (7)"])
      let backends = await server.backends()
      #expect(backends.count >= 4)
      await server.kill()
      #expect(backends.allSatisfy { !isRunning($0) })
      #expect(await server.backends().isEmpty)
      try await server.restart()
      #expect(try await psql.run(["-c", "select n from kept"]) == "7\n")
      try await server.restart()
      #expect(try await psql.run(["-c", "select n from kept"]) == "7\n")
      await server.stop(.fast)
    }
  }

  @Test func comesBackFromEveryCrashOfMany() async throws {
    try await withServerDirectory { directory in
      let server = try await EmbeddedPostgres.start(.init(dataDirectory: "\(directory)/data"))
      let psql = Psql(postgres: server, database: "postgres")
      try await psql.run(["-c", "create table kept (n int)"])
      for cycle in 1...10 {
        try await psql.run(["-c", "insert into kept values (\(cycle))"])
        await server.kill()
        try await server.restart()
        #expect(try await psql.run(["-c", "select count(*) from kept"]) == "\(cycle)\n")
      }
      await server.stop(.fast)
    }
  }

  @Test func refusesADirectoryInUse() async throws {
    try await withServerDirectory { directory in
      let server = try await EmbeddedPostgres.start(quick(directory))
      let processID = await server.processID
      await #expect(
        throws: EmbeddedPostgresError.inUse(path: "\(directory)/data", processID: processID)
      ) {
        try await EmbeddedPostgres.start(quick(directory))
      }
      #expect(await server.backends().count >= 4)
      await server.stop(.immediate)
    }
  }

  @Test func survivesAStalePidFileWithANumberThatIsTaken() async throws {
    try await withServerDirectory { directory in
      let server = try await EmbeddedPostgres.start(quick(directory))
      await server.stop(.fast)
      // Our own number is certainly alive, and no server.
      let file = "\(directory)/data/postmaster.pid"
      try "\(getpid())\n\(directory)/data\n".write(toFile: file, atomically: true, encoding: .utf8)
      try await server.restart()
      #expect(await server.backends().count >= 4)
      await server.stop(.immediate)
    }
  }

  /// PostgreSQL does not sync the file, so that a power cut may leave its name alone.
  @Test func survivesAPidFileThatAPowerCutLeftEmpty() async throws {
    try await withServerDirectory { directory in
      let server = try await EmbeddedPostgres.start(quick(directory))
      await server.kill()
      #expect(truncate("\(directory)/data/postmaster.pid", 0) == 0)
      try await server.restart()
      #expect(await server.isRunning)
      await server.stop(.immediate)
    }
  }

  @Test func showsTheLogOfAServerThatDoesNotStart() async throws {
    try await withServerDirectory { directory in
      var configuration = quick(directory)
      configuration.settings["shared_buffers"] = "many"
      do {
        _ = try await EmbeddedPostgres.start(configuration)
        Issue.record("a server with a bad setting started")
      } catch EmbeddedPostgresError.exitedEarly(let status, let log) {
        #expect(status == .exited(1))
        #expect(log.contains("shared_buffers"))
      }
    }
  }

  @Test func refusesADirectoryWithForeignFiles() async throws {
    try await withServerDirectory { directory in
      let data = "\(directory)/data"
      try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
      try "x".write(toFile: "\(data)/letter.txt", atomically: false, encoding: .utf8)
      await #expect(throws: EmbeddedPostgresError.notADataDirectory(data)) {
        try await EmbeddedPostgres.start(quick(directory))
      }
      #expect(FileManager.default.fileExists(atPath: "\(data)/letter.txt"))
    }
  }

  @Test func startsAgainAfterAnInitialisationThatWasKilled() async throws {
    try await withServerDirectory { directory in
      // What a killed initdb leaves: a half-filled directory beside the real one.
      let half = "\(directory)/data.new"
      try FileManager.default.createDirectory(atPath: half, withIntermediateDirectories: false)
      try "15\n".write(toFile: "\(half)/PG_VERSION", atomically: false, encoding: .utf8)
      let server = try await EmbeddedPostgres.start(quick(directory))
      #expect(!FileManager.default.fileExists(atPath: half))
      await server.stop(.immediate)
    }
  }

  @Test func stopsHarderWhenAClientDoesNotLeave() async throws {
    try await withServerDirectory { directory in
      let server = try await EmbeddedPostgres.start(quick(directory))
      let client = Task {
        try await Psql(postgres: server, database: "postgres").run(["-c", "select pg_sleep(600)"])
      }
      let psql = Psql(postgres: server, database: "postgres")
      let sleeping = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"
      try await eventually { try await psql.run(["-c", sleeping]) == "1\n" }
      #expect(await server.stop(.smart, within: .milliseconds(200)) == .exited(0))
      await #expect(throws: TestSupportError.self) { try await client.value }
    }
  }

  @Test func refusesASocketDirectoryThatOthersUse() async throws {
    try await withServerDirectory { directory in
      var configuration = quick(directory)
      configuration.socketDirectory = directory
      await #expect(throws: EmbeddedPostgresError.foreign(directory)) {
        try await EmbeddedPostgres.start(configuration)
      }
    }
  }

  @Test func refusesASocketPathThatIsTooLong() async throws {
    try await withServerDirectory { directory in
      var configuration = quick(directory)
      let long = "\(directory)/" + String(repeating: "s", count: 90)
      configuration.socketDirectory = long
      await #expect(throws: EmbeddedPostgresError.socketPathTooLong("\(long)/.s.PGSQL.5432")) {
        try await EmbeddedPostgres.start(configuration)
      }
    }
  }
}

/// A quick server for tests that look at no data.
func quick(_ directory: String) -> EmbeddedPostgres.Configuration {
  .init(dataDirectory: "\(directory)/data", settings: ["fsync": "off", "shared_buffers": "16MB"])
}

/// Lends an empty directory.
func withServerDirectory(_ body: (String) async throws -> Void) async throws {
  let directory = try TemporaryDirectory.make("embedded")
  defer { TemporaryDirectory.remove(directory) }
  try await body(directory)
}

private func isRunning(_ processID: Int32) -> Bool {
  guard let fields = statusFields(of: processID) else { return false }
  return fields.first != "Z"
}

private func parent(of processID: Int32) -> Int32? {
  statusFields(of: processID).flatMap { $0.count > 1 ? Int32($0[1]) : nil }
}

/// The fields of `/proc/PID/stat` behind the name in brackets: state, parent, …
private func statusFields(of processID: Int32) -> [Substring]? {
  guard let bytes = FileManager.default.contents(atPath: "/proc/\(processID)/stat") else {
    return nil
  }
  let line = String(decoding: bytes, as: UTF8.self)
  return line.lastIndex(of: ")").map { line[line.index(after: $0)...].split(separator: " ") }
}
