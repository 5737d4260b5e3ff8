// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ledger
import Protection

/// The text of an archive: the events of one recording, sealed, with the proofs that they are all of them
/// and as they were acknowledged. Version 1, `application/x-ndjson`.
///
/// Lines of JSON objects, each ended by one line feed. There is one way to write each line: the members are
/// all there and in the order shown, without white space and without escapes that JSON does not demand; ids
/// are UUIDs in lower case, times RFC 3339 in UTC with six decimals, hashes lower-case hexadecimal of 32
/// bytes. A reader refuses every other way. A line has at most 4 MiB.
/// ```
/// {"hansard_archive":1,"tenant_id":…,"recording_id":…,"event_count":n,"merkle_root":hash,
///  "first_recorded_at":time|null,"last_recorded_at":time|null}
/// {"seq":1,"event_id":…,"event_type":text,"occurred_at":time,"recorded_at":time,"recorded_by":text,
///  "payload_length":bytes in clear,"content_mac":hash,
///  "redaction":null|{"policy":version,"counts":[["family",times],…]},
///  "leaf_hash":hash,"proof":[hash,…],"payload":base64}
///   … one for each event, in order of `seq`: 1, 2, …, n
/// {"events":n,"sha256":hash}
/// ```
/// - `payload` is nonce (24 bytes), ciphertext and tag (16 bytes) as they were stored: XAES-256-GCM under the
///   recording's data key, which is not here. Once that is destroyed nobody reads the content any more.
/// - `leaf_hash` is SHA-256 over the other members of its line, see `EventEntry`; `proof` is the audit path
///   of RFC 6962, section 2.1.1, from leaf number `seq - 1` to `merkle_root`, the root over all n leaves.
///   Neither needs a key.
/// - `sha256` is of all bytes before the last line, the line feed in front of it included: what is cut off or
///   damaged shows at once, also where it is not attested.
/// - In clear are ids, the types of events, who recorded them (`recorded_by`, an id), times, lengths, and the
///   names of redacted families: what the leaf hash attests. Reasons, summaries, tags and names are not in it.
enum ArchiveFormat {
  static let version: Int64 = 1
  /// The most that a line may have: the largest payload in base64 and all of its redacted families.
  static let maximumLineBytes = 4 << 20
  /// The most events, and so the longest proof; a data key seals fewer than 2^24.
  static let maximumEvents: Int64 = (1 << 24) - 1
  static let maximumPathLength = 24
  /// The largest event after redaction, in bytes.
  static let maximumPayloadLength = 2 << 20

  static let lineFeed = UInt8(ascii: "\n")

  /// What the first line says.
  static func line(_ header: ArchiveHeader) -> [UInt8] {
    object { writer in
      writer.key("hansard_archive")
      writer.int(version)
      writer.member("tenant_id", header.tenant)
      writer.member("recording_id", header.recording)
      writer.key("event_count")
      writer.int(header.eventCount)
      writer.member("merkle_root", hex: header.merkleRoot)
      writer.member("first_recorded_at", header.firstRecordedAt)
      writer.member("last_recorded_at", header.lastRecordedAt)
    }
  }

  /// An event and its audit path.
  static func line(_ event: ArchivedEvent, proof: [[UInt8]]) -> [UInt8] {
    object(capacity: event.stored.payload.count * 4 / 3 + 2048) { writer in
      writer.key("seq")
      writer.int(event.stored.seq)
      writer.member("event_id", event.stored.id)
      writer.member("event_type", event.stored.type)
      writer.member("occurred_at", event.stored.occurredAt)
      writer.member("recorded_at", event.stored.recordedAt)
      writer.member("recorded_by", event.recordedBy)
      writer.key("payload_length")
      writer.int(event.stored.payloadLength)
      writer.member("content_mac", hex: event.contentMAC)
      writer.key("redaction")
      write(event.redaction, to: &writer)
      writer.member("leaf_hash", hex: event.stored.leafHash)
      writer.member("proof", proof.map { Hexadecimal.text(of: $0) })
      writer.member("payload", Data(event.stored.payload).base64EncodedString())
    }
  }

  /// The last line.
  static func line(events: Int64, sha256: [UInt8]) -> [UInt8] {
    object { writer in
      writer.key("events")
      writer.int(events)
      writer.member("sha256", hex: sha256)
    }
  }

  private static func write(_ redaction: EventEntry.Redactions?, to writer: inout JSONWriter) {
    guard let redaction else { return writer.null() }
    writer.object { writer in
      writer.key("policy")
      writer.int(redaction.policy)
      writer.key("counts")
      writer.array { writer in
        for hits in redaction.counts {
          writer.array { writer in
            writer.string(hits.family)
            writer.int(hits.count)
          }
        }
      }
    }
  }

  private static func object(
    capacity: Int = 512, _ members: (inout JSONWriter) -> Void
  ) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: capacity)
    writer.object(members)
    return writer.takeBytes() + [lineFeed]
  }
}
