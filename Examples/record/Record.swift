// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient

/// Records a thousand steps of an agent, as a program of one's own would.
@main
struct Record {
  static func main() async throws {
    let environment = ProcessInfo.processInfo.environment
    let client = try HansardClient(
      baseURL: environment["HANSARD_URL"] ?? "http://127.0.0.1:8080",
      apiKey: environment["HANSARD_MEMBER_KEY"].map { APIKey($0) })

    let recording = try await client.start(
      .init(agentID: "mail-agent", reason: "Answer supplier questions", tags: ["example"]))

    // In the background: batches, retries, back-pressure. A bad event fails alone.
    let session = try client.session(
      for: recording.id,
      options: .init(onFailure: { print("not recorded: \($0.error)") }))
    for step in 1...1000 {
      try await session.record(.init(type: "agent_step", encoding: ["step": step]))
    }
    try await session.record(.init(type: "operation_complete", json: #"{"sent": 3}"#))

    // Returns when everything has its receipt.
    let progress = try await session.close()
    let finished = try await client.stop(recording.id)
    print("\(finished.id): \(progress.recorded) recorded. \(finished.summary ?? "")")
  }
}
