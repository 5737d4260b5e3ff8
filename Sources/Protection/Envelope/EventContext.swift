// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The event that a payload belongs to; a sealed payload opens in this context only.
///
/// Not `Equatable`: Swift's `String` compares by canonical equivalence, sealing by bytes.
package struct EventContext: Sendable {
  /// The tenant whose recording it is.
  package var tenant: UUID
  /// The recording that the event is part of.
  package var recording: UUID
  /// The event's own id.
  package var eventID: UUID
  /// The event's type, at most 65,535 bytes of UTF-8.
  package var type: String
  /// When it happened: microseconds since 1970-01-01T00:00:00Z.
  package var occurredAt: Int64

  /// Names one event.
  package init(tenant: UUID, recording: UUID, eventID: UUID, type: String, occurredAt: Int64) {
    self.tenant = tenant
    self.recording = recording
    self.eventID = eventID
    self.type = type
    self.occurredAt = occurredAt
  }

  /// The bytes under domain `hansard/v1/event`, see `AssociatedData`.
  var associatedData: [UInt8] {
    get throws(EnvelopeError) {
      var data = AssociatedData(.event)
      data.append(tenant)
      data.append(recording)
      data.append(eventID)
      try data.append(type)
      data.append(occurredAt)
      return data.bytes
    }
  }
}
