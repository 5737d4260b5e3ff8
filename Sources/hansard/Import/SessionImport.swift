// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Postgres

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
    let draft = ClientDraft(
      agent: agent, user: user, canvas: nil, session: plan.session,
      reason: "Imported SWE-agent trajectory", tags: ["import", "swe-agent"])
    let recording = try await client.start(draft)
    var done = 0
    do {
      for batch in try plan.batches(for: recording, at: .now()) {
        try Task.checkCancellation()
        try await client.append(batch: batch, to: recording)
        done += batch.count
        progress(done, plan.events.count)
      }
      try await client.stop(recording, status: plan.status)
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
      try await client.stop(recording, status: "failed", summary: summary)
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
    let why = cause is CancellationError ? "interrupted" : "\(cause)"
    let end =
      stopFailure.map { "and could not be stopped: \($0)" } ?? "and was stopped as failed"
    return "\(why)\nrecording \(recording) holds \(done) events of the import \(end)"
  }
}
