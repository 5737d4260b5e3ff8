// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// The bodies of the two event routes: `{event_type, event_data, timestamp?, event_id?}`, one or
/// many. `event_data` is handed on as it lies in the body.
enum EventBodies {
  /// Most violations of one batch that are named, one for each bad event beyond.
  static let maximumViolations = 1024

  /// One event.
  static func one(_ bytes: [UInt8]) throws(Problem) -> EventDraft {
    var reader = ObjectReader(
      try JSONDocument.request(bytes, limits: .event).root, known: fields)
    let draft = read(&reader)
    return try reader.finish { draft }
  }

  /// A JSON array of events.
  static func array(_ bytes: [UInt8]) throws(Problem) -> [EventDraft] {
    let root = try JSONDocument.request(bytes, limits: .batch).root
    guard root.kind == .array else {
      throw .invalid("", .wrongType, "It must be an array of events.")
    }
    var batch = Batch()
    try batch.check(count: root.elements.count)
    for (index, element) in root.elements.enumerated() { try batch.add(element, at: index) }
    return try batch.finish()
  }

  /// Events in lines (NDJSON): one JSON object each, separated by line feeds; blank lines are allowed
  /// at the end only.
  static func lines(_ bytes: [UInt8]) throws(Problem) -> [EventDraft] {
    let lines = split(bytes)
    var batch = Batch()
    try batch.check(count: lines.count)
    for (index, line) in lines.enumerated() {
      try batch.checkSize(line.count, at: index)
      let document = try JSONDocument.request(Array(line), at: "/\(index)", limits: .event)
      try batch.add(document.root, at: index)
    }
    return try batch.finish()
  }

  /// The lines of `bytes`, without blank ones at the end. Stops one line behind the most that are
  /// allowed.
  static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(
      separator: UInt8(ascii: "\n"), maxSplits: EventDraft.maximumBatch + 1,
      omittingEmptySubsequences: false)
    while let last = lines.last, last.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
      lines.removeLast()
    }
    return lines
  }

  fileprivate static let fields = ["event_type", "event_data", "timestamp", "event_id"]

  fileprivate static func read(_ reader: inout ObjectReader) -> EventDraft? {
    let type = reader.required("event_type", as: .eventType)
    let data = reader.value("event_data")
    let timestamp = reader.optional("timestamp", as: .timestamp)
    let id: EventID? = reader.optional("event_id", as: .serverID())
    guard let type, let data else { return nil }
    return EventDraft(type: type, data: data, timestamp: timestamp, id: id)
  }
}

/// Events that are being read, and what is wrong with them.
private struct Batch {
  private var drafts: [EventDraft] = []
  private var violations: [DomainError.Violation] = []

  func check(count: Int) throws(Problem) {
    guard count > 0 else { throw .invalid("", .emptyBatch, "There are no events.") }
    guard count <= EventDraft.maximumBatch else {
      throw .invalid("", .tooManyEvents, "There are more than \(EventDraft.maximumBatch) events.")
    }
  }

  func checkSize(_ bytes: Int, at index: Int) throws(Problem) {
    guard bytes > EventDraft.maximumBytes else { return }
    let reason = "The event is larger than 256 KiB."
    let code = ProblemCode.eventTooLarge
    throw Problem(
      code, reason, violations: [.init(pointer: "/\(index)", code: code.rawValue, reason: reason)])
  }

  mutating func add(_ value: JSONValue, at index: Int) throws(Problem) {
    try checkSize(value.span.count, at: index)
    var reader = ObjectReader(value, at: "/\(index)", known: EventBodies.fields)
    if let draft = EventBodies.read(&reader), reader.isSound {
      drafts.append(draft)
    } else {
      let isFull = violations.count >= EventBodies.maximumViolations
      violations += isFull ? Array(reader.violations.prefix(1)) : reader.violations
    }
  }

  func finish() throws(Problem) -> [EventDraft] {
    guard violations.isEmpty else { throw .invalid(violations) }
    return drafts
  }
}
