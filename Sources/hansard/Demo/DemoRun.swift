// Hansard
// SPDX-License-Identifier: Apache-2.0

import API
import Foundation
import Governance
import HansardClient

/// Runs the service with its demonstration: tenants, `demo.env`, a sample recording.
struct DemoRun: Sendable {
  let state: LocalState
  let runner: ServiceRunner

  /// Returns when the service has been stopped.
  func run() async throws {
    let earlier = try DemoEnvironment.read(state.demoEnvironmentFile)?.values ?? [:]
    let tenants = try await DemoTenants(hansard: runner.hansard, earlier: earlier).provide()
    let (ports, opened) = AsyncStream.makeStream(of: ListeningPorts.self)
    try await runner.run(
      onListening: { opened.yield($0) },
      beside: {
        for await port in ports {
          try await demonstrate(on: port.main, tenants)
          return
        }
      })
  }

  private func demonstrate(on port: Int, _ tenants: [(name: String, value: String)]) async throws {
    let url = "http://\(runner.site.configuration.reachableHost):\(port)"
    var entries = [(name: "HANSARD_URL", value: url)] + tenants
    if let database = runner.site.privateDatabase {
      entries.append(("HANSARD_DATABASE_URL", database.url(user: "postgres")))
    }
    let environment = DemoEnvironment(entries)
    try environment.write(to: state.demoEnvironmentFile)
    try await ready(HansardClient(baseURL: url, apiKey: nil))
    let recording = try await sample(environment.values, of: url)
    let text = announcement(url: url, recording: recording)
    Terminal.say(text)
    try PrivateFile.write(Array((text + "\n").utf8), to: state.announcementFile)
  }

  private func ready(_ client: HansardClient) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try await !client.isReady() {
      guard ContinuousClock.now < deadline else {
        throw CommandFailure(
          "the service did not get ready within 30 s: \(await runner.hansard.health.readiness())")
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// The sample recording: that of an earlier run, or played now.
  private func sample(_ values: [String: String], of url: String) async throws -> String {
    func client(_ name: String) throws -> HansardClient {
      try HansardClient(
        .init(baseURL: url, apiKey: values[name].map { APIKey($0) }, retry: .ofCommands))
    }
    let known = try await client("HANSARD_MEMBER_KEY").recordings(
      .init(sessionID: DemoSession.session, status: "completed"), limit: 1)
    if let known = known.first { return known.id }
    let recorder = try client("HANSARD_RECORDER_KEY")
    let user = values["HANSARD_MEMBER_USER"]
    return try await DemoPlayer(client: recorder, user: user, speed: 50).play()
  }

  private func announcement(url: String, recording: String) -> String {
    let file = "\(state.absolutePath)/demo.env"
    let quoted = "'" + file.replacingOccurrences(of: "'", with: "'\\''") + "'"
    return """

      Hansard is running at \(url)

        keys and settings   \(file)  (source it)
        log                 \(state.absolutePath)/hansard.log
        stop                Ctrl-C, or scripts/run --stop

      A sample agent session has been recorded. Read it back:

      curl -sS -H "Authorization: Bearer $(sed -n s/^HANSARD_MEMBER_KEY=//p \(quoted))" \
      \(url)/api/canvas/recording/\(recording)/replay

      """
  }
}
