// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension JSONWriter {
  /// A stored event with everything that is attested of it; `data` is the client's own bytes but for
  /// what was redacted, which `redactions` counts by family.
  mutating func event(_ event: Event) {
    object { $0.members(of: event) }
  }

  /// The members of an event; the object around them is the caller's.
  mutating func members(of event: Event) {
    key("seq")
    int(event.seq)
    member("event_id", event.id)
    member("timestamp", event.timestamp)
    member("recorded_at", event.recordedAt)
    member("event_type", event.type)
    key("data")
    raw(event.data)
    key("redactions")
    counts(event.redactions)
    member("leaf_hash", hex: event.leafHash)
  }

  /// An event as a player needs it, `offset_ms` after the recording's start; negative where the
  /// client's clock says that it came before.
  mutating func replayed(_ event: Event, since start: Moment) {
    object { writer in
      writer.key("seq")
      writer.int(event.seq)
      writer.member("timestamp", event.timestamp)
      writer.key("offset_ms")
      writer.int(Int64(exactly: (event.timestamp.seconds(since: start) * 1000).rounded(.down)))
      writer.member("event_type", event.type)
      writer.key("data")
      writer.raw(event.data)
    }
  }

  /// How often each family was redacted, as an object.
  mutating func counts(_ counts: [Redaction.Count]) {
    object { writer in
      for count in counts {
        writer.key(count.family)
        writer.int(count.count)
      }
    }
  }

  /// The receipt of an event.
  mutating func receipt(_ receipt: EventReceipt) {
    object { writer in
      writer.member("recording_id", receipt.recording)
      writer.member("event_id", receipt.event)
      writer.key("seq")
      writer.int(receipt.seq)
      writer.member("recorded_at", receipt.recordedAt)
      writer.member("leaf_hash", hex: receipt.leafHash)
    }
  }
}
