// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import Protection
import TestSupport
import Testing

/// The table of bad inputs, line by line, on a service that must be the same process at the end.
@Suite(.serialized, .exclusive)
struct BadInputTests {
  @Test func everyLineIsAnsweredAsItSays() async throws {
    try await BadInputGround.with { ground in
      let postgres = ground.tenant.deployment.postgres
      let logStart = Self.contents(postgres.logFile).count
      let schema = try await Self.schema(ground)
      var livez = Latencies()
      var faults: [String] = []
      for input in BadInputs.all { faults += try await ground.faults(of: input, &livez) }
      #expect(faults == [])
      #expect(BadInputs.all.count > 300)
      #expect(Set(BadInputs.all.map(\.id)).count == BadInputs.all.count)
      print(
        "bad inputs: \(BadInputs.all.count) lines; /livez p95 \(livez.percentile(0.95)), "
          + "max \(livez.maximum)"
      )
      #expect(livez.percentile(0.95) <= .milliseconds(50))
      // Nothing came as far as PostgreSQL that it had to refuse.
      let errors = Self.contents(postgres.logFile).dropFirst(logStart).split(separator: "\n")
        .filter { $0.contains("ERROR:") }
      #expect(errors == [])
      #expect(try await Self.schema(ground) == schema)
      try Self.expectCleanLog(ground)
    }
  }

  /// The judge is judged: declarations that are wrong in every respect are all found.
  @Test func wrongDeclarationsAreFound() async throws {
    try await BadInputGround.with { ground in
      let right = BadInputGround.rightBody
      let wrong: [(BadInput, String)] = [
        (.event("X1", "stored", right, .malformed), "201"),
        (.event("X2", "stored", right, .answered(201)), "rows"),
        (.event("X3", "refused", "{", .stored(201)), "400"),
        (.event("X4", "another code", "{", .refused(400, "invalid_utf8")), "code"),
        (.event("X5", "another text", right, .stored(201), keeps: "2"), "not kept"),
        (
          BadInput("X6", "not audited", .answered(200), isAudited: true) { $0.get("/livez") },
          "not audited"
        ),
      ]
      for (input, complaint) in wrong {
        var livez = Latencies()
        let faults = try await ground.faults(of: input, &livez)
        #expect(faults.contains { $0.contains(complaint) }, "\(input.id): \(faults)")
      }
      let echo = Answer(
        status: 400, headers: ["content-type": "application/problem+json"],
        body: Array("{\"detail\":\"\(canary)\"}".utf8))
      #expect(BadInputGround.faults(inProblem: echo).contains { $0.contains("repeats") })
    }
  }

  /// Every document that a parser must refuse, as the data of an event.
  @Test func everyDocumentThatIsNotJSONIsRefused() async throws {
    let documents = try Self.suite("n_")
    try await BadInputGround.with { ground in
      var livez = Latencies()
      for (name, bytes) in documents {
        let head = Array(#"{"event_type":"step","event_data":"#.utf8)
        let input = BadInput.event(
          "n", name, head + bytes + Array("}".utf8), .refused([400, 413, 422], []))
        let faults = try await ground.faults(of: input, &livez)
        #expect(faults == [])
      }
    }
  }

  private static func suite(_ prefix: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder: String
    do {
      folder = try SharedData.path("json/test_parsing")
    } catch {
      return []
    }
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      // These close what the event opens: together with it they are JSON.
      .filter { $0.hasPrefix(prefix) }
      .map { ($0, Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")))) }
  }

  static func contents(_ file: String) -> String {
    FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private static func schema(_ ground: BadInputGround) async throws -> String {
    try await Psql(postgres: ground.tenant.deployment.postgres, database: "postgres").dump()
  }

  /// One JSON object per line, without a secret and without what was sent.
  static func expectCleanLog(_ ground: BadInputGround) throws {
    let lines = ground.service.log.utf8.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count > 300)
    for line in lines {
      let entry = try JSONDocument(parsing: Array(line)).root
      #expect(entry["level"] != nil && entry["message"] != nil)
    }
    #expect(!ground.service.log.contains(canary))
    for key in ground.keys.values { #expect(!ground.service.log.contains(key.suffix(43))) }
  }
}
