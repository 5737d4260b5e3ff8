// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ledger
import Postgres
import Protection

/// Reading takes a line only if writing what was read makes the same bytes: there is no second way to write
/// anything, so nothing is overlooked and nothing is mended.
extension ArchiveFormat {
  /// The first line, without its line feed.
  static func header(_ line: [UInt8]) throws(ArchiveError.Code) -> ArchiveHeader {
    let root = try parse(line)
    guard root["hansard_archive"]?.integer() == version else {
      throw root["hansard_archive"]?.integer() == nil ? .malformed : .unknownVersion
    }
    guard let tenant = text(root["tenant_id"]).flatMap(TenantID.init),
      let recording = text(root["recording_id"]).flatMap(RecordingID.init),
      let count = root["event_count"]?.integer(), (0...maximumEvents).contains(count),
      let merkleRoot = hash(root["merkle_root"]),
      let first = optionalTime(root["first_recorded_at"]),
      let last = optionalTime(root["last_recorded_at"])
    else { throw .malformed }
    let header = ArchiveHeader(
      tenant: tenant, recording: recording, eventCount: count, merkleRoot: merkleRoot,
      firstRecordedAt: first, lastRecordedAt: last)
    return try same(header, line) { Self.line($0) }
  }

  /// The line of an event, without its line feed, and its audit path.
  static func event(
    _ line: [UInt8]
  ) throws(ArchiveError.Code) -> (event: ArchivedEvent, path: [[UInt8]]) {
    let root = try parse(line)
    guard let redaction = redaction(root["redaction"]), let stored = stored(root, redaction),
      let recordedBy = text(root["recorded_by"]), recordedBy.utf8.count <= UInt16.max,
      let contentMAC = hash(root["content_mac"]), let path = path(root["proof"])
    else { throw .malformed }
    let event = ArchivedEvent(
      stored: stored, recordedBy: recordedBy, contentMAC: contentMAC,
      redactionPolicy: redaction.policy)
    return try same((event, path), line) { Self.line($0.0, proof: $0.1) }
  }

  /// The last line, without its line feed.
  static func trailer(
    _ line: [UInt8]
  ) throws(ArchiveError.Code) -> (events: Int64, sha256: [UInt8]) {
    let root = try parse(line)
    guard let events = root["events"]?.integer(), let sha256 = hash(root["sha256"]) else {
      throw .malformed
    }
    return try same((events, sha256), line) { Self.line(events: $0.0, sha256: $0.1) }
  }

  private static let limits = JSONLimits(
    depth: 4, stringBytes: maximumLineBytes, numberBytes: 20, keys: 16)

  private static func parse(_ line: [UInt8]) throws(ArchiveError.Code) -> JSONValue {
    do throws(JSONError) {
      return try JSONDocument(parsing: line, limits: limits).root
    } catch {
      throw .malformed
    }
  }

  /// `value`, if this is how it is written.
  private static func same<Value>(
    _ value: Value, _ line: [UInt8], _ write: (Value) -> [UInt8]
  ) throws(ArchiveError.Code) -> Value {
    let written = write(value)
    guard written.count == line.count + 1, written.starts(with: line) else { throw .malformed }
    return value
  }

  private static func stored(_ root: JSONValue, _ redaction: Redacted) -> StoredEvent? {
    guard let seq = root["seq"]?.integer(), (1...maximumEvents).contains(seq),
      let id = text(root["event_id"]).flatMap(EventID.init),
      let type = text(root["event_type"]), (1...64).contains(type.utf8.count),
      let occurredAt = time(root["occurred_at"]), let recordedAt = time(root["recorded_at"]),
      let leafHash = hash(root["leaf_hash"]), let payload = payload(root["payload"])
    else { return nil }
    return StoredEvent(
      id: id, seq: seq, type: type, occurredAt: occurredAt, recordedAt: recordedAt,
      leafHash: leafHash, payload: payload, redactions: redaction.counts)
  }
}

/// What `redaction` says.
private struct Redacted {
  var policy: Int?
  var counts: [Redaction.Count] = []
}

/// Values of members; nil where they are missing or something else.
extension ArchiveFormat {
  private static func text(_ value: JSONValue?) -> String? {
    do throws(JSONError) {
      return try value?.text()
    } catch {
      return nil  // Not a string, or one with U+0000: neither is written.
    }
  }

  private static func time(_ value: JSONValue?) -> Timestamp? {
    text(value).flatMap { Timestamp(rfc3339: $0) }
  }

  /// nil where there is none, `.some(nil)` where it is null.
  private static func optionalTime(_ value: JSONValue?) -> Timestamp?? {
    guard let value else { return nil }
    if value.isNull { return .some(nil) }
    return time(value).map { .some($0) }
  }

  private static func hash(_ value: JSONValue?) -> [UInt8]? {
    guard let digits = value?.decodedBytes(), digits.count == 2 * SHA256.byteCount else {
      return nil
    }
    return Hexadecimal.octets(of: digits)
  }

  private static func path(_ value: JSONValue?) -> [[UInt8]]? {
    guard let value, value.kind == .array else { return nil }
    var path: [[UInt8]] = []
    for element in value.elements {
      guard path.count < maximumPathLength, let hash = hash(element) else { return nil }
      path.append(hash)
    }
    return path
  }

  private static func payload(_ value: JSONValue?) -> [UInt8]? {
    guard let data = text(value).flatMap({ Data(base64Encoded: $0) }),
      (1...maximumPayloadLength).contains(data.count - XAES256GCM.overhead)
    else { return nil }
    return Array(data)
  }

  private static func redaction(_ value: JSONValue?) -> Redacted? {
    guard let value else { return nil }
    if value.isNull { return Redacted() }
    guard let policy = value["policy"]?.integer(), (0...Int64(Int32.max)).contains(policy),
      let list = value["counts"], list.kind == .array
    else { return nil }
    var redacted = Redacted(policy: Int(policy))
    for pair in list.elements {
      let parts = Array(pair.elements)
      guard parts.count == 2, let family = text(parts[0]), let count = parts[1].integer(),
        (0...Int64(Int32.max)).contains(count)
      else { return nil }
      redacted.counts.append(.init(family: family, count: Int(count)))
    }
    return redacted
  }
}
