// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import Protection
import TestSupport
import Testing

/// What was purged is nowhere that the service keeps anything: not in its answers, a dump, the database's files, the
/// logs, or the archive. By a byte search for what only the purged recordings had.
@Suite(.serialized, .exclusive)
struct ErasureFlowTests {
  @Test(.timeLimit(.minutes(4))) func whatIsPurgedIsFoundNowhere() async throws {
    try await Deployment.with { deployment in
      let archive = deployment.file("archive")
      try FileManager.default.createDirectory(
        atPath: archive, withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700])
      let tenant = try await deployment.makeTenant("erasure")
      let key = try await tenant.makeKey(.init("admin", user: "root")).text
      let environment = ["HANSARD_ARCHIVE_URL": "file://\(archive)"]
      let stage = ErasureStage(deployment: deployment, archive: archive, more: environment)
      try await deployment.withService(environment) { service in
        let client = service.client(key)
        // One that is archived before it expires, and one that is not.
        let archived = try await stage.record("canary-cold", by: client)
        let policy = try await client.send(
          .put, "/api/governance/policy", json: #"{"archive_days":1}"#,
          headers: [("If-Match", "\"policy-0\"")])
        #expect(policy.status == 200)
        try await stage.age(archived)
        try await stage.retain()
        let plain = try await stage.record("canary-warm", by: client)
        let kept = try await stage.record("kept-words", by: client)
        let needles = try await stage.needles(of: [archived, plain])

        // The control: the same search finds all of it before.
        let before = try await stage.found(needles, by: client, about: [archived, plain])
        #expect(before.api == ["word canary-cold", "word canary-warm"])
        #expect(before.repeated == [200, 201])
        #expect(before.dump == Set(needles.map(\.what)).subtracting(["nonce canary-cold"]))
        #expect(before.files.isSuperset(of: before.dump))
        #expect(before.archive == ["nonce canary-cold"])

        try await stage.expire([archived, plain])
        try await stage.retain()
        try await stage.vacuum()
        let after = try await stage.found(needles, by: client, about: [archived, plain])
        #expect(after.api == [] && after.repeated == [410])
        #expect(after.dump == [])
        // What is left of events is noise without its key, until their partition is dropped.
        #expect(after.files.filter { !$0.hasPrefix("nonce") } == [])
        #expect(after.logs == [])
        #expect(after.archive == [])
        let export = try await client.send(.get, Paths.recording(kept, "export?format=ndjson"))
        #expect(export.text.contains("kept-words"))
      }
    }
  }
}

/// What is planted, and where it is looked for.
private struct ErasureStage: Sendable {
  let deployment: Deployment
  let archive: String
  let more: [String: String]

  struct Needle: Sendable {
    let what: String
    let bytes: [UInt8]
    /// As a dump has it.
    let text: String
  }

  struct Found: Sendable {
    var api: Set<String> = []
    /// How requests are answered that are sent again under their names.
    var repeated: Set<Int> = []
    var dump: Set<String> = []
    var files: Set<String> = []
    var logs: Set<String> = []
    var archive: Set<String> = []
  }

  /// A recording with a word in everything that is said of it, flagged, reviewed and stopped.
  func record(_ word: String, by client: Client) async throws -> String {
    let id = try await sendOnce(.start, word, by: client).text("recording_id")
    // The second is large: it lies apart from its table.
    for filler in ["", String(repeating: "0123456789abcdef", count: 2000)] {
      let event = #"{"event_type":"step","event_data":"\#(word) \#(filler)"}"#
      _ = try await client.send(.post, Paths.recording(id, "event"), json: event)
    }
    for request in [Named.flag, .stop] {
      _ = try await sendOnce(request, word, of: id, by: client)
    }
    let queue = try await client.send(.get, "/api/governance/reviews?state=open&limit=500").json
    let review = try queue.elements.first { try $0["recording_id"]?.text() == id }
    guard let review = try review?["review_id"]?.text() else {
      throw TestSupportError("no review of \(id)")
    }
    for (step, body) in [("claim", "{}"), ("comment", #"{"comment":"\#(word)"}"#)] {
      let path = "/api/governance/reviews/\(review)/\(step)"
      let answer = try await client.send(.post, path, json: body)
      guard answer.status == 200 || answer.status == 201 else {
        throw TestSupportError("\(step): \(answer.text)")
      }
    }
    return id
  }

  /// Requests under an `Idempotency-Key`, whose answers tell of the recording.
  enum Named: String, CaseIterable {
    case start, flag, stop

    func body(_ word: String) -> String {
      switch self {
      case .start:
        #"{"agent_id":"agent-1","user_id":"alice","reason":"\#(word)","tags":["\#(word)"]}"#
      case .flag: #"{"flag_reason":"\#(word)"}"#
      case .stop: #"{"status":"failed","summary":"\#(word)"}"#
      }
    }
  }

  private func sendOnce(
    _ request: Named, _ word: String, of id: String? = nil, by client: Client
  ) async throws -> Answer {
    let path = id.map { Paths.recording($0, request.rawValue) } ?? Paths.recordings + "/start"
    return try await client.send(
      .post, path, json: request.body(word),
      headers: [("Idempotency-Key", "\(request.rawValue)-\(word.suffix(4))")])
  }

  /// Words in clear, wrapped keys and beginnings of ciphertexts.
  func needles(of ids: [String]) async throws -> [Needle] {
    let words = ["canary-cold", "canary-warm"]
    var needles = words.map { Needle(what: "word \($0)", bytes: Array($0.utf8), text: $0) }
    for (id, word) in zip(ids, words) {
      let wrapped: [UInt8] = try await deployment.value(
        "select wrapped from hansard.recording_keys where recording_id = '\(id)'")
      needles.append(Self.needle("key \(word)", wrapped))
    }
    let nonce: [UInt8] = try await deployment.value(
      """
      select substr(payload, 1, 24) from hansard.recording_events
      where recording_id = '\(ids[1])' and seq = 2
      """)
    needles.append(Self.needle("nonce canary-warm", nonce))
    needles.append(try await coldNonce(of: ids[0]))
    return needles
  }

  private static func needle(_ what: String, _ bytes: [UInt8]) -> Needle {
    Needle(what: what, bytes: bytes, text: Hexadecimal.text(of: bytes))
  }

  /// Of an archived event: as the archive has it, the beginning of its Base64.
  private func coldNonce(of id: String) async throws -> Needle {
    guard let path = files(in: archive).first(where: { $0.hasSuffix("\(id).ndjson") }),
      let line = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        .dropFirst()
        .first,
      let payload = try JSONDocument(parsing: Array(line.utf8)).root["payload"]?.text()
    else { throw TestSupportError("no archive of \(id)") }
    let start = String(payload.prefix(32))
    return Needle(what: "nonce canary-cold", bytes: Array(start.utf8), text: start)
  }

  func found(
    _ needles: [Needle], by client: Client, about ids: [String]
  ) async throws -> Found {
    var found = Found()
    let repeated = try await repeated(by: client, about: ids)
    found.repeated = Set(repeated.map(\.status))
    let answers = try await answers(by: client, about: ids) + repeated.map(\.text)
    found.api = Set(
      needles.filter { needle in answers.contains { $0.contains(needle.text) } }.map(\.what))
    let dump = try await Psql(postgres: deployment.postgres, database: "postgres")
      .dump(schemaOnly: false)
    found.dump = Set(needles.filter { dump.contains($0.text) }.map(\.what))
    try await change("checkpoint")
    let data = deployment.postgres.dataDirectory
    // Its journal is kept for as long as PostgreSQL needs it; see the documentation.
    let database = files(in: data).filter { !$0.contains("/pg_wal/") }
    found.files = search(needles, in: database)
    found.logs = search(needles, in: files(in: deployment.file("")).filter { $0.hasSuffix(".log") })
    found.archive = search(needles, in: files(in: archive))
    return found
  }

  /// What was asked for under a name, asked for again.
  private func repeated(by client: Client, about ids: [String]) async throws -> [Answer] {
    var answers: [Answer] = []
    for (id, word) in zip(ids, ["canary-cold", "canary-warm"]) {
      for request in Named.allCases {
        let answer = try await sendOnce(
          request, word, of: request == .start ? nil : id, by: client)
        answers.append(answer)
      }
    }
    return answers
  }

  /// Everything that the service tells an admin of recordings.
  private func answers(by client: Client, about ids: [String]) async throws -> [String] {
    var paths = [
      Paths.recordings, Paths.recordings + "/export?format=csv", "/api/governance/reviews",
      "/api/governance/certificates", "/api/governance/audit?limit=500",
      "/api/governance/audit/export?format=ndjson",
    ]
    for id in ids {
      paths += ["", "replay", "events", "export"].map { Paths.recording(id, $0) }
    }
    var answers: [String] = []
    for path in paths { answers.append(try await client.send(.get, path).text) }
    return answers
  }

  private func files(in directory: String) -> [String] {
    guard let all = FileManager.default.enumerator(atPath: directory) else { return [] }
    return all.compactMap { $0 as? String }.map { "\(directory)/\($0)" }
  }

  private func search(_ needles: [Needle], in files: [String]) -> Set<String> {
    var found: Set<String> = []
    for file in files {
      guard let contents = FileManager.default.contents(atPath: file) else { continue }
      for needle in needles where contents.range(of: Data(needle.bytes)) != nil {
        found.insert(needle.what)
      }
    }
    return found
  }

  func age(_ id: String) async throws {
    try await change(
      """
      update hansard.canvas_recordings
      set started_at = started_at - interval '2 days', stopped_at = stopped_at - interval '2 days'
      where recording_id = '\(id)'
      """)
  }

  func expire(_ ids: [String]) async throws {
    try await change(
      """
      update hansard.canvas_recordings set expires_at = clock_timestamp() - interval '1 minute'
      where recording_id in (\(ids.map { "'\($0)'" }.joined(separator: ", ")))
      """)
  }

  func retain() async throws {
    let outcome = try await Executable.run(
      ["retention", "run", "--once"], environment: deployment.environment.merging(more) { $1 })
    guard outcome.status == .exited(0) else { throw TestSupportError(outcome.output) }
  }

  /// As the documentation says.
  func vacuum() async throws {
    for table in [
      "recording_keys", "recovery_keys", "canvas_recordings", "recording_flags", "reviews",
      "review_entries", "notices", "idempotency_keys",
    ] {
      try await change("vacuum full hansard.\(table)")
    }
  }

  private func change(_ sql: String) async throws {
    try await deployment.withDatabase { _ = try await $0.execute(Query(sql, prepared: false)) }
  }
}
