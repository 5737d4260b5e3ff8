// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient

/// Records a planned session through the HTTP interface: whole, or stopped as failed.
struct SessionImport: Sendable {
  let plan: SessionPlan
  let client: HansardClient
  let agent: String
  let user: String?

  /// Starts a recording, appends everything and stops it; returns its id.
  ///
  /// `progress` is told how many events are recorded, after each batch. When an append fails or the
  /// task is cancelled, the recording is stopped as `failed` and an `ImportFailure` says so.
  func run(progress: @Sendable (_ done: Int, _ all: Int) -> Void) async throws -> String {
    let recording = try await client.start(
      .init(
        agentID: agent, reason: "Imported SWE-agent trajectory", userID: user,
        sessionID: plan.session, tags: ["import", "swe-agent"])
    ).id
    var done = 0
    do {
      for batch in try plan.batches(for: recording, at: Date()) {
        try Task.checkCancellation()
        try await client.record(batch, in: recording)
        done += batch.count
        progress(done, plan.events.count)
      }
      try await client.stop(recording, as: plan.ending)
      return recording
    } catch {
      throw await giveUp(recording, done: done, because: error)
    }
  }

  /// Stops a recording that could not be completed, so that nobody takes it for a whole one.
  private func giveUp(
    _ recording: String, done: Int, because error: any Error
  ) async -> ImportFailure {
    let client = client
    let summary = "Import broken off after \(done) of \(plan.events.count) events"
    // A task of its own: ours may be the one that was cancelled.
    let stopping = Task {
      try await client.stop(recording, as: .failed, summary: summary)
    }
    switch await stopping.result {
    case .success:
      return ImportFailure(recording: recording, done: done, cause: error, stopFailure: nil)
    case .failure(let second):
      return ImportFailure(recording: recording, done: done, cause: error, stopFailure: second)
    }
  }
}

/// An import was broken off after its recording had been started.
struct ImportFailure: Error, CustomStringConvertible {
  let recording: String
  /// Events of which the service said that they are recorded.
  let done: Int
  let cause: any Error
  /// Why the recording could not be stopped either.
  let stopFailure: (any Error)?

  var description: String {
    let end =
      stopFailure.map { "and could not be stopped: \($0)" } ?? "and was stopped as failed"
    return
      "\(Interruption.words(for: cause))\nrecording \(recording) holds \(done) events of the import \(end)"
  }
}
