// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

/// What an object on the wire must look like: all its members, each of its kind, and no others.
struct Shape: Sendable {
  /// A kind of value.
  enum Kind: Sendable {
    case text, optionalText, uuid, time, optionalTime, integer, number, optionalNumber, bool
    case texts, counts, hash, any
    indirect case object(Shape)
    indirect case array(Shape)
  }

  let members: [(name: String, kind: Kind)]

  init(_ members: KeyValuePairs<String, Kind>) {
    self.members = members.map { ($0.key, $0.value) }
  }

  /// The members of both.
  func adding(_ more: Shape) -> Shape { Shape(members: members + more.members) }

  private init(members: [(name: String, kind: Kind)]) {
    self.members = members
  }

  /// What is wrong with `value`; empty where nothing is.
  func faults(in value: JSONValue?, at path: String = "") -> [String] {
    guard let value, value.kind == .object else { return ["\(path): not an object"] }
    var faults: [String] = []
    if Set(value.names) != Set(members.map(\.name)) || value.names.count != members.count {
      faults.append("\(path): members \(value.names.sorted()), not \(members.map(\.name).sorted())")
    }
    for (name, kind) in members {
      guard let member = value[name] else { continue }
      faults += Self.faults(in: member, kind, at: "\(path)/\(name)")
    }
    return faults
  }

  private static func faults(in value: JSONValue, _ kind: Kind, at path: String) -> [String] {
    switch kind {
    case .object(let shape): return shape.faults(in: value, at: path)
    case .array(let shape):
      guard value.kind == .array else { return ["\(path): not an array"] }
      return value.elements.enumerated().flatMap {
        shape.faults(in: $0.element, at: "\(path)/\($0.offset)")
      }
    default: return isOfKind(value, kind) ? [] : ["\(path): \(value.raw.prefix(80)) is no \(kind)"]
    }
  }

  private static func isOfKind(_ value: JSONValue, _ kind: Kind) -> Bool {
    switch kind {
    case .text: value.kind == .string
    case .optionalText: value.isNull || value.kind == .string
    case .uuid: value.raw.wholeMatch(of: /"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/) != nil
    case .time: isTime(value)
    case .optionalTime: value.isNull || isTime(value)
    case .integer: value.integer() != nil
    case .number: value.double() != nil
    case .optionalNumber: value.isNull || value.double() != nil
    case .bool: value.kind == .bool
    case .texts: value.kind == .array && value.elements.allSatisfy { $0.kind == .string }
    case .counts: value.kind == .object && value.members.allSatisfy { $0.value.integer() != nil }
    case .hash: value.raw.wholeMatch(of: /"[0-9a-f]{64}"/) != nil
    case .any, .object, .array: true
    }
  }

  /// RFC 3339 in UTC with microseconds and `Z`.
  private static func isTime(_ value: JSONValue) -> Bool {
    value.raw.wholeMatch(of: /"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"/) != nil
  }
}

extension Shape {
  /// What a start answers with.
  static let started = Shape([
    "recording_id": .uuid, "agent_id": .text, "user_id": .text, "canvas_id": .optionalText,
    "session_id": .optionalText, "reason": .text, "status": .text, "tags": .texts,
    "started_at": .time, "expires_at": .time,
  ])

  static let metadata = Shape([
    "agent_name": .text, "agent_maturity": .text, "started_at": .time,
  ])

  /// A recording in a list.
  static let recording = started.adding(
    Shape([
      "stopped_at": .optionalTime, "duration_seconds": .optionalNumber, "summary": .optionalText,
      "event_count": .integer, "recording_metadata": .object(metadata), "flagged_for_review": .bool,
      "flag_reason": .optionalText, "flagged_by": .optionalText, "flagged_at": .optionalTime,
      "retain_until": .optionalTime, "on_hold": .bool,
      "storage_url": .optionalText, "created_at": .time, "updated_at": .time,
    ]))

  static let flag = Shape([
    "flag_id": .uuid, "flag_reason": .text, "flagged_by": .text, "flagged_at": .time,
  ])

  /// A recording that was flagged just now.
  static let flagged = recording.adding(Shape(["flags": .array(flag)]))

  static let event = Shape([
    "seq": .integer, "event_id": .uuid, "timestamp": .time, "recorded_at": .time,
    "event_type": .text, "data": .any, "redactions": .counts, "leaf_hash": .hash,
  ])

  /// A recording with all that is in it.
  static let whole = flagged.adding(Shape(["events": .array(event)]))

  static let receipt = Shape([
    "recording_id": .uuid, "event_id": .uuid, "seq": .integer, "recorded_at": .time,
    "leaf_hash": .hash,
  ])

  static let replayed = Shape([
    "seq": .integer, "timestamp": .time, "offset_ms": .integer, "event_type": .text, "data": .any,
  ])

  static let replay = Shape([
    "recording_id": .uuid, "agent_id": .text, "started_at": .time,
    "duration_seconds": .optionalNumber, "recording_metadata": .object(metadata),
    "events": .array(replayed), "next_cursor": .optionalText,
  ])
}

/// Checks status and shape of an answer and returns its value.
@discardableResult
func expect(
  _ answer: Answer, _ status: Int, _ shape: Shape? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> JSONValue {
  #expect(answer.status == status, "\(answer.text.prefix(500))", sourceLocation: sourceLocation)
  let value = try answer.json
  if let shape {
    #expect(shape.faults(in: value) == [], sourceLocation: sourceLocation)
  }
  return value
}
