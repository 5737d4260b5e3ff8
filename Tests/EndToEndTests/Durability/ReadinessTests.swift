// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

/// A service that must not write says so, answers everything else, and writes nothing.
@Suite(.serialized, .exclusive)
struct ReadinessTests {
  @Test func withoutItsMasterKeyAServiceIsSealed() async throws {
    let deployment = try await Deployment.shared()
    let key = try await deployment.makeTenant("sealed").makeKey(.init("admin", user: "alice")).text
    let keys = try keyFiles(deployment)
    for (name, file) in keys {
      let service = try await deployment.startService(
        ["HANSARD_MASTER_KEY_FILE": file], untilReady: false)
      try await expectRefusal(service, key, deployment, reason: "sealed", about: name)
      #expect(try await service.stop() == .exited(0))
    }
    #expect(keys.count == 8)
  }

  /// Key files that are no use, by what is wrong with them.
  private func keyFiles(_ deployment: Deployment) throws -> [(name: String, file: String)] {
    let good = try String(contentsOfFile: deployment.masterKeyFile, encoding: .utf8)
    let id = good.split(separator: "\n").last?.split(separator: " ").first ?? ""
    let other = Data((0..<32).map { UInt8($0 * 7 + 3) }).base64EncodedString()
    let zeros = Data(count: 32).base64EncodedString()
    let files: [(name: String, text: String, mode: Int)] = [
      ("another key", "other \(other)\n", 0o600), ("an empty file", "", 0o600),
      ("another key under its id", "\(id) \(other)\n", 0o600),
      ("a key cut short", String(good.dropLast(8)), 0o600), ("a readable file", good, 0o644),
      ("a key of zeros", "\(id) \(zeros)\n", 0o600),
      ("its key below one of zeros", "zeros \(zeros)\n\(good)", 0o600),
    ]
    return try files.enumerated().map { index, file in
      let path = deployment.file("key-\(index)")
      try Data(file.text.utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.posixPermissions: file.mode], ofItemAtPath: path)
      return (file.name, path)
    } + [("no file", deployment.file("no-such-key"))]
  }

  @Test func anUnsafeDatabaseIsRefused() async throws {
    let settings = [
      ("fsync", "off"), ("full_page_writes", "off"), ("data_sync_retry", "on"),
      ("synchronous_commit", "off"), ("synchronous_commit", "local"),
      ("default_transaction_read_only", "on"),
    ]
    try await Deployment.with { deployment in
      // The operators' commands refuse such a database too: the tenant is made before it is one.
      let tenant = try await deployment.makeTenant("unsafe")
      let key = try await tenant.makeKey(.init("admin", user: "alice")).text
      let service = try await deployment.startService()
      for (name, value) in settings {
        try await deployment.configure(name, value)
        try await expectRefusal(
          service, key, deployment, reason: "unsafe_database", about: "\(name)=\(value)")
        try await deployment.configure(name, nil)
        // It heals without a restart.
        try await eventually(within: .seconds(10), "a ready service") {
          await service.probe("/readyz")?.status == 200
        }
        #expect(try await service.client(key).send(.get, Paths.recordings).status == 200)
      }
      #expect(try await service.stop() == .exited(0))
    }
  }

  @Test func anotherSchemaIsRefused() async throws {
    try await Deployment.with { deployment in
      let service = try await deployment.startService(untilReady: false)
      #expect(await service.probe("/readyz")?.status == 200)
      try await deployment.run(["migrate", "down", "--to", "0", "--allow-data-loss"])
      let answer = await service.probe("/readyz")
      #expect(answer?.status == 503)
      #expect(answer?.code == "schema_mismatch")
      #expect(await service.probe("/livez")?.status == 200)
      // It heals without a restart.
      try await deployment.run(["migrate", "up"])
      try await eventually(within: .seconds(10), "a ready service") {
        await service.probe("/readyz")?.status == 200
      }
      #expect(try await service.stop() == .exited(0))
    }
  }

  private func expectRefusal(
    _ service: Service, _ key: String, _ deployment: Deployment, reason: String, about: String
  ) async throws {
    let before = try await deployment.withDatabase { try await TableCounts.read($0) }
    let ready = await service.probe("/readyz")
    #expect(ready?.status == 503, "\(about)")
    #expect(ready?.text.contains(reason) == true, "\(about): \(ready?.text ?? "")")
    #expect(await service.probe("/livez")?.status == 200, "\(about)")
    let client = service.client(key)
    let body = #"{"agent_id":"a","user_id":"u","reason":"r"}"#
    let start = try await client.send(.post, Paths.recordings + "/start", json: body)
    #expect(start.status == 503, "\(about): \(start.text)")
    #expect(start.code == reason, "\(about)")
    #expect(!start.headers["retry-after"].isEmpty, "\(about)")
    let after = try await deployment.withDatabase { try await TableCounts.read($0) }
    #expect(after.changes(since: before) == [:], "\(about)")
  }
}
