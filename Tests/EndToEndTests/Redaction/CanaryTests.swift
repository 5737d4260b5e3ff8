// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Protection
import TestSupport
import Testing

/// Secrets of every kind, sent through every place of every request, are nowhere afterwards: not in
/// an answer, not in the database, not in a log, not in the metrics.
@Suite(.serialized, .exclusive)
struct CanaryTests {
  /// Secrets that were sent, and all that could hold them.
  private struct Field {
    var needles = Needles()
    var accepted: [Surface: Int] = [:]
    var answered: [Int] = []
    var haystack = Haystack()
  }

  /// Plants every kind on every surface, each time another secret of the kind.
  private func plant(_ tenant: Tenant, _ service: Service) async throws -> Field {
    let client = service.client(try await tenant.makeKey(.init("admin", user: "alice")).text)
    try await tenant.makeAgent("robot", status: "autonomous")
    var field = Field()
    for (index, surface) in Surface.allCases.enumerated() {
      let planting = Planting(client: client, recording: try await client.startRecording())
      for canary in Canary.all(seed: UInt64(index + 1)) where surface.takes(canary) {
        for needle in canary.needles { field.needles.add("\(canary.kind) as \(surface)", needle) }
        let answer = try await planting.send(canary.text, through: surface)
        field.answered.append(answer.status)
        field.accepted[surface, default: 0] += answer.status < 300 ? 1 : 0
        field.haystack.add("answer \(answer.status)", answer)
      }
    }
    try await read(client, into: &field.haystack)
    return field
  }

  /// Everything that can be read of a tenant.
  private func read(_ client: Client, into haystack: inout Haystack) async throws {
    var path: String? = Paths.recordings + "?limit=500"
    while let page = path {
      let list = try await client.send(.get, page, within: .seconds(60))
      haystack.add("list", list)
      for recording in try list.json.elements
      where recording["event_count"]?.integer() ?? 0 > 0
        || recording["flagged_for_review"]?.bool() == true
      {
        let id = try recording["recording_id"]?.text() ?? ""
        for rest in ["", "events?limit=500", "replay?limit=500"] {
          haystack.add(
            "reading", try await client.send(.get, Paths.recording(id, rest), within: .seconds(60)))
        }
      }
      path = list.next
    }
    try await readRecoveries(client, into: &haystack)
    haystack.add("agents", try await client.send(.get, "/api/governance/agents"))
    haystack.add("policy", try await client.send(.get, "/api/governance/redaction"))
  }

  private func readRecoveries(_ client: Client, into haystack: inout Haystack) async throws {
    let sessions = RecoveryFlowTests.sessions
    haystack.add("list", try await client.send(.get, "\(sessions)?cleared=true&limit=500"))
    for session in try await client.send(.get, "\(sessions)?limit=500").json.elements {
      let path = "\(sessions)/\(try session["session_id"]?.text() ?? "")"
      for rest in ["history?limit=500", "statistics", "report", "export?format=csv"] {
        haystack.add(
          "reading", try await client.send(.get, "\(path)/\(rest)", within: .seconds(60)))
      }
    }
  }

  /// What lies around: the database as text and as bytes, logs, metrics.
  private func collect(
    _ deployment: Deployment, _ service: Service, into haystack: inout Haystack
  ) async throws {
    let psql = Psql(postgres: deployment.postgres, database: "postgres")
    haystack.add("dump", try await psql.dump(schemaOnly: false))
    haystack.add("log", service.log)
    haystack.add("database log", BadInputTests.contents(deployment.postgres.logFile))
    for url in [service.url, service.adminURL] {
      haystack.add("metrics", try await Client(url: url, key: nil).send(.get, "/metrics"))
    }
  }

  @Test func whatIsPlantedIsFoundNowhere() async throws {
    try await Deployment.with { deployment in
      let tenant = try await deployment.makeTenant("canaries")
      try await deployment.withService { service in
        var field = try await plant(tenant, service)
        try await collect(deployment, service, into: &field.haystack)
        let kinds = Canary.all(seed: 1).count
        #expect(kinds >= 60)
        #expect(field.answered.allSatisfy { $0 < 500 })
        for surface in Surface.allCases where surface.isKept {
          #expect(field.accepted[surface] == kinds, "\(surface)")
        }
        for surface in Surface.allCases where surface.isWord {
          #expect(field.accepted[surface] ?? 0 > 30, "\(surface)")
        }
        #expect(field.accepted[.tag] ?? 0 > 30 && field.accepted[.type] ?? 0 > 20)
        #expect(field.needles.places(in: field.haystack).sorted() == [])
        print("canaries: \(field.answered.count) secrets of \(kinds) kinds; found: none")
      }
    }
  }

  /// The control: where a tenant has nothing redacted, the same search finds what was planted.
  @Test func theSearchFindsWhatIsNotRedacted() async throws {
    try await Deployment.with { deployment in
      let tenant = try await deployment.makeTenant("control")
      try await deployment.withService { service in
        try await switchEverythingOff(tenant, service)
        var field = try await plant(tenant, service)
        try await collect(deployment, service, into: &field.haystack)
        let found = field.needles.places(in: field.haystack)
        let kept = Surface.allCases.filter(\.isKept)
        for canary in Canary.all(seed: 1) {
          for surface in kept {
            let name = "\(canary.kind) as \(surface)"
            #expect(
              found.contains("\(name): reading") || found.contains("\(name): list"), "\(name)")
            guard !surface.isSealed else { continue }
            #expect(found.contains("\(name): dump"), "\(name)")
          }
        }
        for surface in Surface.allCases where surface.isWord {
          // Its kind fits into each of them.
          #expect(found.contains("github as \(surface): dump"), "\(surface)")
          #expect(found.contains("github as \(surface): reading"), "\(surface)")
        }
        // Payloads are sealed whatever is redacted.
        for surface in Surface.allCases where surface.isSealed {
          #expect(!found.contains { $0.hasSuffix(" as \(surface): dump") }, "\(surface)")
        }
        #expect(!found.contains { $0.hasSuffix(": log") || $0.hasSuffix(": metrics") })
      }
    }
  }

  private func switchEverythingOff(_ tenant: Tenant, _ service: Service) async throws {
    let client = service.client(try await tenant.makeKey(.init("admin")).text)
    let policy = try await client.send(.get, "/api/governance/redaction").json
    let names = policy["families"]?.members.flatMap { $0.value.elements.map(\.raw) } ?? []
    #expect(names.count > 120)
    let answer = try await client.send(
      .put, "/api/governance/redaction",
      json: #"{"switched_off":[\#(names.joined(separator: ","))]}"#,
      headers: [("If-Match", "\"redaction-0\"")])
    #expect(answer.status == 200, "\(answer.text.prefix(300))")
  }

  /// The value of a name that says what it is goes as a whole, whatever it looks like.
  @Test func valuesOfSensitiveNamesAreFoundNowhere() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("names")
    try await deployment.withService { service in
      let client = service.client(try await tenant.makeKey(.init("admin", user: "alice")).text)
      let recording = try await client.startRecording()
      var filler = Canary.Filler(seed: 99)
      var (needles, haystack) = (Needles(), Haystack())
      for template in Self.named {
        let word = filler.alnum(14).text
        needles.add(template, word)
        let data = template.replacing("WORD", with: word)
        let answer = try await client.send(
          .post, Paths.recording(recording, "event"),
          json: #"{"event_type":"step","event_data":\#(data)}"#)
        #expect(answer.status == 201, "\(template)")
      }
      try await read(client, into: &haystack)
      #expect(needles.places(in: haystack).sorted() == [])
      let events = try await client.allEvents(of: recording)
      #expect(events.allSatisfy { $0["redactions"]?.members.count == 1 })
    }
  }

  private static let named = [
    #"{"password":"WORD"}"#, #"{"dbPassword":"WORD"}"#, #"{"client_secret":"WORD"}"#,
    #"{"apiKey":"WORD"}"#, #"{"x-api-key":["WORD","b"]}"#, #"{"cookies":["sid=WORD"]}"#,
    #"{"headers":{"Authorization":"WORD"}}"#, #"{"private_key":{"d":"WORD"}}"#,
    #"{"credentials":{"user":"u","pw":["WORD"]}}"#, #"{"name":"X-Api-Key","value":"WORD"}"#,
    #"{"p\u0061ssword":"WORD"}"#, #"{"args":"{\"password\":\"WORD\"}"}"#,
  ]
}
