// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection

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
      ClientDraft(
        agent: DemoSession.agent, user: user, canvas: DemoSession.canvas,
        session: session, reason: DemoSession.reason, tags: ["demo"]))
    do {
      for step in steps { try await play(step, into: recording) }
      try await client.stop(recording, status: "completed")
      return recording
    } catch {
      let client = client
      // A task of its own: ours may be the one that was cancelled.
      let stopping = Task { try await client.stop(recording, status: "failed") }
      let end =
        switch await stopping.result {
        case .success: "was stopped as failed"
        case .failure(let second): "could not be stopped: \(second)"
        }
      let why = error is CancellationError ? "interrupted" : "\(error)"
      throw CommandFailure("\(why)\nrecording \(recording) \(end)")
    }
  }

  private func play(_ step: DemoSession.Step, into recording: String) async throws {
    if let speed { try await Task.sleep(for: .milliseconds(Double(step.pause) / speed)) }
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("event_type")
      writer.string(step.type)
      // Made once for all tries, so that a lost answer is settled by sending again.
      writer.key("event_id")
      writer.uuid(UUID())
      writer.key("event_data")
      writer.raw(step.data)
    }
    try await client.append(writer.bytes, to: recording)
  }
}
