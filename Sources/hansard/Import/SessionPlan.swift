// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient
import Protection

/// Everything that an import will send, worked out before the first byte is sent.
struct SessionPlan: Sendable {
  /// `operation_start`, one `agent_step` per step, then `operation_complete` or `error`.
  let events: [PlannedEvent]
  /// How to stop: `completed` after a submission, else `failed`.
  let ending: HansardClient.Ending
  /// Names the session; the same for the same file, so that a second import can be recognised.
  let session: String

  /// Plans the import of `trajectory`, which was read from a file of that name and digest.
  ///
  /// Throws a `TrajectoryError` for a step that is larger than an event may be.
  init(
    _ trajectory: Trajectory, fileName: String, digest: [UInt8]
  ) throws {
    var events = [Self.opening(trajectory, fileName: fileName, digest: digest)]
    events += trajectory.steps.map {
      PlannedEvent(type: "agent_step", data: Array($0.rawBytes))
    }
    events.append(Self.closing(trajectory))
    for (index, event) in events.enumerated() {
      do {
        // Ids and times have a fixed length, so any will do to measure with.
        _ = try event.event(position: index, recording: "", at: Date(timeIntervalSince1970: 0))
      } catch let error as HansardClientError {
        throw TrajectoryError(
          place: index == 0 ? "/info" : "/trajectory/\(index - 1)", reason: "makes \(error)")
      }
    }
    self.events = events
    ending = trajectory.wasSubmitted ? .completed : .failed
    session = "import-" + Hexadecimal.text(of: digest.prefix(8))
  }

  private static func opening(
    _ trajectory: Trajectory, fileName: String, digest: [UInt8]
  ) -> PlannedEvent {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("operation")
      writer.string("swe_agent_session")
      writer.key("file")
      writer.string(fileName)
      writer.key("file_sha256")
      writer.string(Hexadecimal.text(of: digest))
      writer.key("steps")
      writer.int(trajectory.steps.count)
      for (key, value) in [("environment", trajectory.environment), ("info", trajectory.info)] {
        guard let value else { continue }
        writer.key(key)
        writer.raw(value.rawBytes)
      }
    }
    return PlannedEvent(type: "operation_start", data: writer.bytes)
  }

  private static func closing(_ trajectory: Trajectory) -> PlannedEvent {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("operation")
      writer.string("swe_agent_session")
      writer.key("exit_status")
      if let status = trajectory.exitStatus { writer.raw(status.rawBytes) } else { writer.null() }
      writer.key("steps")
      writer.int(trajectory.steps.count)
    }
    let type = trajectory.wasSubmitted ? "operation_complete" : "error"
    return PlannedEvent(type: type, data: writer.bytes)
  }
}

extension SessionPlan {
  /// The batches to append to `recording`, in order.
  ///
  /// Ids and times are functions of the recording, the position and the bytes: a batch whose answer
  /// was lost can be sent again and is recognised. The file holds no times, so the events carry the
  /// time of the import, one microsecond apart to keep their order. The bounds keep a batch well
  /// below what the service takes in one request, its number of keys included.
  func batches(
    for recording: String, at start: Date, events limit: Int = 16,
    bytes byteLimit: Int = 1024 * 1024
  ) throws -> [[HansardClient.Event]] {
    var batches: [[HansardClient.Event]] = []
    var batch: [HansardClient.Event] = []
    var size = 0
    for (index, event) in events.enumerated() {
      let event = try event.event(position: index, recording: recording, at: start)
      if !batch.isEmpty, batch.count == limit || size + event.byteCount > byteLimit {
        batches.append(batch)
        batch = []
        size = 0
      }
      batch.append(event)
      size += event.byteCount
    }
    if !batch.isEmpty { batches.append(batch) }
    return batches
  }
}
