// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a key or token may do; the table is `Policy`.
package enum Role: String, Sendable, CaseIterable {
  /// Writes for its tenant's users, or only for its bound agent; reads nothing back.
  case recorder
  /// Its own recordings.
  case member
  /// Its own recordings, and reads, replays and flags for review.
  case reviewer
  /// Reads everything of the tenant, changes nothing.
  case auditor
  /// Everything of the tenant.
  case admin
}
