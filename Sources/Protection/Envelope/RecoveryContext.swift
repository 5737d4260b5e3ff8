// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The recovery attempt that a payload belongs to; a sealed payload opens in this context only.
package struct RecoveryContext: Sendable {
  /// The tenant whose session it is.
  package var tenant: UUID
  /// The session's own id, which is not the caller's.
  package var session: UUID
  /// The id of the attempt's entry, at most 65,535 bytes of UTF-8.
  package var entry: String
  /// When it happened: microseconds since 1970-01-01T00:00:00Z.
  package var occurredAt: Int64
  /// Everything else that stands beside the payload in clear, in a fixed order: who changes any of it
  /// leaves a payload that does not open.
  package var facts: [String]

  /// Names one attempt.
  package init(tenant: UUID, session: UUID, entry: String, occurredAt: Int64, facts: [String]) {
    self.tenant = tenant
    self.session = session
    self.entry = entry
    self.occurredAt = occurredAt
    self.facts = facts
  }

  /// The bytes under domain `hansard/v1/recovery`, see `AssociatedData`. Of the facts it has SHA-256 of
  /// `for each: u64 big-endian length ‖ bytes`.
  var associatedData: [UInt8] {
    get throws(EnvelopeError) {
      var data = AssociatedData(.recovery)
      data.append(tenant)
      data.append(session)
      try data.append(entry)
      data.append(occurredAt)
      try data.append(digest: digestOfFacts())
      return data.bytes
    }
  }

  private func digestOfFacts() throws(EnvelopeError) -> [UInt8] {
    var message: [UInt8] = []
    for fact in facts {
      withUnsafeBytes(of: UInt64(fact.utf8.count).bigEndian) { message.append(contentsOf: $0) }
      message.append(contentsOf: fact.utf8)
    }
    return try EnvelopeError.translating { [message] () throws(CryptoError) in
      try SHA256.hash(message)
    }
  }
}
