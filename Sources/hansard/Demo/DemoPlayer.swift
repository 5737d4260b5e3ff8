// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient

/// Plays the sample session into a running service, one request per event, as an agent platform
/// would.
struct DemoPlayer: Sendable {
  let client: HansardClient
  let user: String?
  var session = DemoSession.session
  /// How many times faster than the script's own pauses; nil: without pauses.
  let speed: Double?

  /// Plays the whole session and returns the recording's id; a recording that cannot be finished is
  /// stopped as `failed`.
  func play() async throws -> String {
    let steps = try DemoSession.steps()
    let recording = try await client.start(
      .init(
        agentID: DemoSession.agent, reason: DemoSession.reason, userID: user,
        canvasID: DemoSession.canvas, sessionID: session, tags: ["demo"])
    ).id
    do {
      for step in steps { try await play(step, into: recording) }
      try await client.stop(recording)
      return recording
    } catch {
      let client = client
      // A task of its own: ours may be the one that was cancelled.
      let stopping = Task { try await client.stop(recording, as: .failed) }
      let end =
        switch await stopping.result {
        case .success: "was stopped as failed"
        case .failure(let second): "could not be stopped: \(second)"
        }
      throw CommandFailure("\(Interruption.words(for: error))\nrecording \(recording) \(end)")
    }
  }

  private func play(_ step: DemoSession.Step, into recording: String) async throws {
    if let speed { try await Task.sleep(for: .milliseconds(Double(step.pause) / speed)) }
    try await client.record(.init(type: step.type, data: step.data), in: recording)
  }
}
