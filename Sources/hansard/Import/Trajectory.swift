// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// A SWE-agent trajectory (`.traj`): what an agent did, step by step, as its platform wrote it.
///
/// A JSON object with an array `trajectory` of step objects, each with an `action`, and beside it
/// `environment` (a word) and `info` (an object with `exit_status`, `model_stats`, …). Everything
/// is kept as the spans of the file's own bytes; `history` and `replay_config` repeat what the steps
/// hold and are left out.
struct Trajectory: Sendable {
  /// The environment's name, as in the file.
  let environment: JSONValue?
  /// What the platform wrote about the whole run.
  let info: JSONValue?
  /// The steps in order; at least one.
  let steps: [JSONValue]

  /// The largest file that is read, in bytes.
  static let maximumBytes = 256 * 1024 * 1024

  /// Reads a whole file, and checks that the service will take each of its steps.
  ///
  /// Throws a `TrajectoryError` that names the place.
  init(reading bytes: [UInt8]) throws(TrajectoryError) {
    let root = try Self.root(of: bytes)
    guard let list = root["trajectory"] else {
      throw .init(place: "the top level", reason: "has no 'trajectory': not a SWE-agent trajectory")
    }
    guard list.kind == .array else {
      throw .init(place: "/trajectory", reason: "is not an array")
    }
    steps = Array(list.elements)
    environment = root["environment"]
    info = root["info"]
    guard !steps.isEmpty else {
      throw .init(place: "/trajectory", reason: "is empty: there is nothing to record")
    }
    for (index, step) in steps.enumerated() {
      try Self.check(step, place: "/trajectory/\(index)")
    }
    if let environment { try Self.checkLimits(environment, place: "/environment", depth: 63) }
    if let info { try Self.checkLimits(info, place: "/info", depth: 63) }
  }

  /// The run's exit status; nil where the file has none (a run that was interrupted).
  var exitStatus: JSONValue? {
    guard let status = info?["exit_status"], !status.isNull else { return nil }
    return status
  }

  /// Whether the run ended with a submission.
  var wasSubmitted: Bool {
    exitStatus?.decodedBytes()?.starts(with: "submitted".utf8) ?? false
  }

  private static func root(of bytes: [UInt8]) throws(TrajectoryError) -> JSONValue {
    // The limits of the service hold for each step, not for the file around them.
    let limits = JSONLimits(
      depth: 64 + 2, stringBytes: bytes.count, numberBytes: bytes.count,
      keys: bytes.count)
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONDocument(parsing: bytes, limits: limits).root
    } catch {
      throw TrajectoryError(error, in: bytes)
    }
    guard root.kind == .object else {
      throw .init(place: "the top level", reason: "is not a JSON object")
    }
    return root
  }

  private static func check(_ step: JSONValue, place: String) throws(TrajectoryError) {
    guard step.kind == .object else { throw .init(place: place, reason: "is not an object") }
    guard step["action"] != nil else { throw .init(place: place, reason: "has no 'action'") }
    try checkLimits(step, place: place, depth: 64)
  }

  /// The service reads each event with its own limits: what it would refuse is refused here, before
  /// a recording is started. `event_data` may be 64 deep, so what stands in an object of ours 63.
  private static func checkLimits(
    _ value: JSONValue, place: String, depth: Int
  ) throws(TrajectoryError) {
    let limits = JSONLimits(depth: depth, numberBytes: 1024)
    do throws(JSONError) {
      _ = try JSONDocument(parsing: Array(value.rawBytes), limits: limits)
    } catch {
      throw .init(place: place + error.pointer, reason: TrajectoryError.reason(for: error.code))
    }
  }
}
