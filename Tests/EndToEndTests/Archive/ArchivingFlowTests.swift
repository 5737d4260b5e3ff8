// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Protection
import TestSupport
import Testing

@testable import Governance
@testable import hansard

/// A running service with an S3-compatible store: what is archived is answered as before, and goes when it is purged.
@Suite(.serialized, .exclusive)
struct ArchivingFlowTests {
  @Test(.timeLimit(.minutes(4))) func answersFromTheStoreWhatItAnsweredBefore() async throws {
    try await Moto.with { moto in
      let deployment = try await Deployment.shared()
      let tenant = try await deployment.makeTenant("archiving")
      let admin = try await tenant.makeKey(.init("admin", user: "root")).text
      let environment = [
        "HANSARD_ARCHIVE_URL": "s3://\(Moto.bucket)/cold",
        "HANSARD_S3_ENDPOINT": "http://127.0.0.1:\(moto.port)",
        "HANSARD_S3_ACCESS_KEY_ID": moto.credentials.accessKeyID,
        "HANSARD_S3_SECRET_ACCESS_KEY": moto.credentials.secretAccessKey,
        "HANSARD_S3_PATH_STYLE": "true", "HANSARD_ENV": "test",
      ]
      try await deployment.withService(environment) { service in
        let client = service.client(admin)
        let id = try await recorded(by: client)
        let policy = try await client.send(
          .put, "/api/governance/policy", json: #"{"archive_days":1}"#,
          headers: [("If-Match", "\"policy-0\"")])
        #expect(try policy.status == 200 && policy.json["archive_days"]?.integer() == 1)
        try await deployment.age(id)
        let before = try await content(id, client)
        try await deployment.retention(environment)

        let url = "s3://\(Moto.bucket)/cold/\(tenant.id)/\(id).ndjson"
        #expect(try await client.send(.get, Paths.recording(id)).text("storage_url") == url)
        let left: Int64 = try await deployment.value(
          "select count(*) from hansard.recording_events where recording_id = '\(id)'")
        #expect(left == 0)
        let after = try await content(id, client)
        #expect(zip(after, before).first { $0 != $1 } == nil)
        #expect(after.count == before.count)
        let name = ArchiveName(
          try #require(RecordingID(id)), of: try #require(TenantID(tenant.id)))
        let store = try moto.store()
        #expect(try await store.byteCount(of: name) ?? 0 > 10_000)
        // What the store has opens nowhere else: nothing of it is in clear.
        let bytes = try #require(try await store.contents(name))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("canary"))

        let deleted = try await client.send(
          .delete, Paths.recording(id), Array(#"{"reason":"asked for"}"#.utf8))
        #expect(try deleted.status == 200 && deleted.text("storage_url") == url)
        try await deployment.retention(environment)
        #expect(try await store.byteCount(of: name) == nil)
        #expect(try await client.send(.get, Paths.recording(id, "replay")).status == 410)
      }
      // Without the store, nothing is archived.
      try await deployment.withService { service in
        let refused = try await service.client(admin).send(
          .put, "/api/governance/policy", json: #"{"archive_days":1}"#,
          headers: [("If-Match", "\"policy-1\"")])
        #expect(refused.status == 422 && refused.text.contains("/archive_days"))
      }
    }
  }

  /// A recording of 60 events that has stopped.
  private func recorded(by client: Client) async throws -> String {
    let id = try await client.startRecording()
    for number in 0..<60 {
      let body = #"{"event_type":"step","event_data":{"n":\#(number),"w":"canary \#(number)"}}"#
      let answer = try await client.send(.post, Paths.recording(id, "event"), json: body)
      guard answer.status == 201 else { throw TestSupportError(answer.text) }
    }
    let stopped = try await client.send(.post, Paths.recording(id, "stop"), json: "{}")
    guard stopped.status == 200 else { throw TestSupportError(stopped.text) }
    return id
  }

  /// Pages of events and of the replay, and an export, as they are answered.
  private func content(_ id: String, _ client: Client) async throws -> [String] {
    let events = try await client.allEvents(of: id, limit: 25).map(\.raw)
    var replayed: [String] = []
    var path: String? = Paths.recording(id, "replay?limit=25")
    while let page = path {
      let answer = try await client.send(.get, page)
      guard answer.status == 200 else { throw TestSupportError(answer.text) }
      replayed += try answer.json["events"]?.elements.map(\.raw) ?? []
      path = answer.next
    }
    let export = try await client.send(.get, Paths.recording(id, "export?format=ndjson"))
    // One of them is about the recording, and says where it is now.
    let lines = export.text.split(separator: "\n").map(String.init)
      .filter { $0.contains("\"event_id\"") }
    guard events.count == 60, replayed.count == 60, lines.count == 60 else {
      throw TestSupportError("\(events.count) \(replayed.count) \(lines.count)")
    }
    return events + replayed + lines
  }
}

extension Deployment {
  /// Has a recording have stopped two days before.
  fileprivate func age(_ id: String) async throws {
    let _: Int32 = try await value(
      """
      update hansard.canvas_recordings
      set started_at = started_at - interval '2 days', stopped_at = stopped_at - interval '2 days'
      where recording_id = '\(id)'
      returning 1
      """)
  }

  /// `hansard retention run --once`.
  fileprivate func retention(_ more: [String: String]) async throws {
    let outcome = try await Executable.run(
      ["retention", "run", "--once"], environment: environment.merging(more) { $1 })
    guard outcome.status == .exited(0) else { throw TestSupportError(outcome.output) }
  }
}
