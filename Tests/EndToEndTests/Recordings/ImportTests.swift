// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Protection
import TestSupport
import Testing

/// `hansard import agent-session`, run as a user runs it.
@Suite(.serialized, .exclusive)
struct ImportTests {
  @Test(
    .enabled(if: !SharedData.agentSessions.isEmpty, "agent sessions lie beside some checkouts"),
    arguments: SharedData.agentSessions)
  func everyStepComesBackAsItsBytes(file: String) async throws {
    try await Deployment.with { deployment in
      let tenant = try await deployment.makeTenant("import")
      let key = try await tenant.makeKey(.init("recorder")).text
      let auditor = try await tenant.makeKey(.init("auditor")).text
      try await deployment.withService { service in
        let outcome = try await importing(file, into: service, key: key)
        let output = outcome.output
        #expect(outcome.status == .exited(0), "\(output)")
        #expect(output.contains("13 of 13 events recorded"), "\(output)")
        let id = try #require(output.split(separator: "\n").first { $0.utf8.count == 36 })
        let steps = try await replayedSteps(service.client(auditor), String(id))
        #expect(steps.count == 11)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        #expect(Self.tile(bytes, with: steps))
        // A step with one byte changed, or two in another order, would not pass for the file's.
        var wrong = steps
        wrong[3][wrong[3].count / 2] ^= 1
        #expect(!Self.tile(bytes, with: wrong))
        wrong = steps
        wrong.swapAt(4, 5)
        #expect(!Self.tile(bytes, with: wrong))
      }
      try await expectNoSentence(of: file, in: deployment)
    }
  }

  @Test func aBrokenFileIsNamedAndLeavesNothing() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("broken imports")
    let key = try await tenant.makeKey(.init("recorder")).text
    try await deployment.withService { service in
      try await deployment.settleRetention()
      let before = try await deployment.withDatabase { try await TableCounts.read($0) }
      for (index, (text, complaint)) in Self.broken.enumerated() {
        let file = deployment.file("broken-\(index).traj")
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let outcome = try await importing(file, into: service, key: key)
        let output = outcome.output
        #expect(outcome.status != .exited(0))
        #expect(output.contains(file), "\(output)")
        #expect(output.contains(complaint), "\(output)")
      }
      let missing = try await importing(deployment.file("none.traj"), into: service, key: key)
      #expect(missing.status != .exited(0))
      #expect(missing.output.contains("none.traj"))
      let after = try await deployment.withDatabase { try await TableCounts.read($0) }
      #expect(after.changes(since: before) == [:])
    }
  }

  private static let broken = [
    ("", "ends"), ("{", "ends"), ("[]", "not a JSON object"), ("{}", "trajectory"),
    (#"{"trajectory":[]}"#, "empty"), (#"{"trajectory":[{"action":1},{"acti"#, "ends"),
    (#"{"trajectory":[{"action":NaN}]}"#, "not JSON"),
    (#"{"trajectory":[{"a":1}]}"#, "no 'action'"),
    (#"{"trajectory":[{"action":"\ud800"}]}"#, "surrogate"),
    (#"{"trajectory":[{"action":1,"action":2}]}"#, "twice"),
  ]

  private func importing(
    _ file: String, into service: Service, key: String
  ) async throws -> Executable.Outcome {
    try await Executable.run(
      ["import", "agent-session", file, "--url", service.url, "--user", "alice"],
      environment: ["HANSARD_KEY": key])
  }

  /// The data of the steps in the order of `/replay`, a small page at a time.
  private func replayedSteps(_ client: Client, _ recording: String) async throws -> [[UInt8]] {
    var path: String? = Paths.recording(recording, "replay?limit=4")
    var steps: [[UInt8]] = []
    while let page = path {
      let answer = try await client.send(.get, page)
      for event in try expect(answer, 200, .replay)["events"]?.elements.map(\.self) ?? []
      where try event["event_type"]?.text() == "agent_step" {
        steps.append(Array(event["data"]?.rawBytes ?? []))
      }
      path = answer.next
    }
    return steps
  }

  /// Whether the file's `trajectory` is exactly these texts in this order, with nothing but commas
  /// and white space between them: found without a JSON parser.
  static func tile(_ file: [UInt8], with steps: [[UInt8]]) -> Bool {
    let opening = Array(#""trajectory": ["#.utf8)
    guard let start = Data(file).range(of: Data(opening))?.upperBound else { return false }
    var rest = file[start...]
    let isFiller: (UInt8) -> Bool = { [0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ",")].contains($0) }
    for step in steps {
      rest = rest.drop(while: isFiller)
      guard rest.starts(with: step) else { return false }
      rest = rest.dropFirst(step.count)
    }
    return rest.drop(while: isFiller).first == UInt8(ascii: "]")
  }

  /// Neither as text nor as hexadecimal digits, which is how a dump has `bytea`.
  private func expectNoSentence(of file: String, in deployment: Deployment) async throws {
    let sentences = try Sentences.sample(of: file, count: 400)
    #expect(sentences.count >= 300)
    let psql = Psql(postgres: deployment.postgres, database: "postgres")
    let dump = try await psql.dump(schemaOnly: false)
    #expect(dump.contains("Imported SWE-agent trajectory"))
    #expect(Sentences.found(sentences, in: dump) == [])
    // The search finds a sentence that is there in clear, and one that is there as bytes.
    let planted = [sentences[0], sentences[1]]
    try await psql.run([
      "-c",
      "create table planted as select \(Self.literal(planted[0])) as text, "
        + "convert_to(\(Self.literal(planted[1])), 'UTF8') as bytes",
    ])
    let control = try await psql.dump(schemaOnly: false)
    #expect(Set(Sentences.found(sentences, in: control)).isSuperset(of: planted))
  }

  private static func literal(_ text: String) -> String {
    "'\(text.replacingOccurrences(of: "'", with: "''"))'"
  }
}
