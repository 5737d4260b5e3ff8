// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

/// The destruction of a key: what it opened is gone wherever it lies, unless the key comes back.
struct Erasure: Sendable, Equatable {
  /// Whose key it was.
  enum Subject: Sendable, Equatable {
    /// A recording's data key, by what it was committed to (32 bytes).
    case recording(RecordingID, commitment: [UInt8])
    /// A recovery session's data key; its name is a caller's text and not told.
    case recoverySession(commitment: [UInt8])
    /// The key of a tenant whose keys were all destroyed.
    case tenantKey(UUID)
  }

  let tenant: TenantID
  let subject: Subject
  let erasedAt: Timestamp
}

extension Erasure.Subject {
  var recording: RecordingID? {
    if case .recording(let id, _) = self { id } else { nil }
  }

  /// nil for a tenant's key.
  var commitment: [UInt8]? {
    switch self {
    case .recording(_, let commitment), .recoverySession(let commitment): commitment
    case .tenantKey: nil
    }
  }

  var tenantKey: UUID? {
    if case .tenantKey(let id) = self { id } else { nil }
  }

  /// As the log has it.
  var kind: String {
    switch self {
    case .recording: "recording"
    case .recoverySession: "recovery_session"
    case .tenantKey: "tenant_key"
    }
  }
}
