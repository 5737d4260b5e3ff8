// Hansard
// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials
import HansardJSON

extension HansardClient {
  /// Something that happened, ready to be sent: checked against the rules and limits of the service.
  ///
  /// Its id is made here, so that it is recorded once however often it is sent.
  public struct Event: Sendable, Hashable, Identifiable {
    /// By which the service recognises it: a UUID.
    public let id: UUID
    /// What kind of thing happened: `agent_request`, `error`, `operation_complete`, …
    public let type: String
    /// One JSON value, which is sent and kept as exactly these bytes.
    public let data: [UInt8]
    /// When it happened; nil: when the service gets it.
    public let timestamp: Date?
    /// The object that is sent.
    let encoded: [UInt8]

    /// The largest event that the service takes, as it is sent.
    public static let byteLimit = 256 * 1024

    /// Its bytes as it is sent.
    public var byteCount: Int { encoded.count }

    /// An event from the bytes of one JSON value (RFC 8259, UTF-8).
    ///
    /// Throws `invalidInput` for what the service would refuse: not JSON, a key twice in an object,
    /// deeper than 64, an empty type, more than ``byteLimit``.
    public init(
      id: UUID = UUID(), type: String, data: [UInt8], timestamp: Date? = nil
    ) throws(HansardClientError) {
      guard (1...255).contains(type.utf8.count) else {
        throw .invalidInput("an event's type must have 1–255 bytes")
      }
      do throws(JSONError) {
        _ = try JSONDocument(parsing: data, limits: .event)
      } catch {
        throw .invalidInput("the event's data is not JSON as the service takes it: \(error)")
      }
      self.id = id
      self.type = type
      self.data = data
      self.timestamp = timestamp
      encoded = try Self.encode(id, type, data, timestamp)
      guard encoded.count <= Self.byteLimit else {
        throw .invalidInput(
          "an event of \(encoded.count) bytes: the limit is \(Self.byteLimit)")
      }
    }

    /// The same from JSON text.
    public init(
      id: UUID = UUID(), type: String, json: String, timestamp: Date? = nil
    ) throws(HansardClientError) {
      try self.init(id: id, type: type, data: Array(json.utf8), timestamp: timestamp)
    }

    /// The same from a value, encoded with its keys in order.
    public init(
      id: UUID = UUID(), type: String, encoding value: some Encodable, timestamp: Date? = nil
    ) throws(HansardClientError) {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let data: Data
      do {
        data = try encoder.encode(value)
      } catch {
        throw .invalidInput("the event's value cannot be encoded")
      }
      try self.init(id: id, type: type, data: Array(data), timestamp: timestamp)
    }

    private static func encode(
      _ id: UUID, _ type: String, _ data: [UInt8], _ timestamp: Date?
    ) throws(HansardClientError) -> [UInt8] {
      let time = try timestamp.map { date throws(HansardClientError) in
        try Timestamp.text(date)
      }
      var writer = JSONWriter(reservingCapacity: data.count + 160)
      writer.object { writer in
        writer.key("event_id")
        writer.uuid(id)
        writer.member("event_type", type)
        writer.member("timestamp", time)
        writer.key("event_data")
        writer.raw(data)
      }
      return writer.bytes
    }
  }
}
