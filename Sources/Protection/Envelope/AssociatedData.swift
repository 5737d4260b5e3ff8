// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What a ciphertext is bound to, in bytes.
///
/// ```
/// offset  size  what
/// 0       1     0x01, the version of this encoding
/// 1       1     n, the length of the domain
/// 2       n     the domain, ASCII: what kind of thing is sealed, and the scheme's version
/// 2+n           the fields of the domain, in its order, each
///               u16 big-endian length ‖ that many bytes
/// ```
/// A UUID is a field of 16 bytes, an integer one of 8 bytes (big-endian, two's complement), a text
/// its UTF-8 bytes as they are, without Unicode normalisation. Every field has a length, and every
/// domain a fixed list of fields, so two different contexts never have the same bytes.
///
/// | domain                  | fields                                                          |
/// |-------------------------|-----------------------------------------------------------------|
/// | `hansard/v1/tenant-key` | tenant, tenant key id, master key id (text)                     |
/// | `hansard/v1/data-key`   | tenant, recording, tenant key id                                |
/// | `hansard/v1/event`      | tenant, recording, event, type (text), occurred at (µs integer) |
/// | `hansard/v1/answer`     | tenant, API key, name of the request (32 bytes), tenant key id   |
/// | `hansard/v1/webhook`    | tenant, webhook, tenant key id                                  |
/// | `hansard/v1/recovery-key` | tenant, session, tenant key id                                |
/// | `hansard/v1/recovery`   | tenant, session, entry id (text), occurred at, facts (32 bytes) |
/// | `hansard/v1/recognition` | tenant, tenant key id, purpose (text)                          |
struct AssociatedData {
  enum Domain: String {
    case tenantKey = "hansard/v1/tenant-key"
    case dataKey = "hansard/v1/data-key"
    case event = "hansard/v1/event"
    case answer = "hansard/v1/answer"
    case webhook = "hansard/v1/webhook"
    case recoveryKey = "hansard/v1/recovery-key"
    case recovery = "hansard/v1/recovery"
    case recognition = "hansard/v1/recognition"
  }

  private(set) var bytes: [UInt8] = [0x01]

  init(_ domain: Domain) {
    bytes.reserveCapacity(160)
    // Not a narrowing that could lose anything: the domains above are far below 256 bytes.
    bytes.append(UInt8(truncatingIfNeeded: domain.rawValue.utf8.count))
    bytes.append(contentsOf: domain.rawValue.utf8)
  }

  mutating func append(_ id: UUID) {
    withUnsafeBytes(of: id.uuid) { appendField($0, length: UInt16(UUID.byteCount)) }
  }

  mutating func append(_ integer: Int64) {
    withUnsafeBytes(of: integer.bigEndian) { appendField($0, length: 8) }
  }

  /// - Throws: `EnvelopeError.lengthRefused` above 65,535 bytes.
  mutating func append(_ text: String) throws(EnvelopeError) {
    guard let length = UInt16(exactly: text.utf8.count) else { throw .lengthRefused }
    appendField(text.utf8, length: length)
  }

  mutating func append(digest: [UInt8]) throws(EnvelopeError) {
    guard digest.count == SHA256.byteCount else { throw .lengthRefused }
    appendField(digest, length: UInt16(SHA256.byteCount))
  }

  private mutating func appendField(_ field: some Sequence<UInt8>, length: UInt16) {
    bytes.append(UInt8(length >> 8))
    bytes.append(UInt8(length & 0xFF))
    bytes.append(contentsOf: field)
  }
}

extension UUID {
  /// The size of a UUID in bytes.
  static let byteCount = 16
}
