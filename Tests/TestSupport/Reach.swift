// Hansard
// SPDX-License-Identifier: Apache-2.0

/// On what a role may do something, as the tables of the access model say it in a word: on everything, its
/// own, that of others, its own and what is flagged, or nothing.
package enum Reach: String, Sendable {
  case all, own, others, flagged, none

  /// Whether it covers a thing.
  package func covers(isOwn: Bool, isFlagged: Bool) -> Bool {
    switch self {
    case .all: true
    case .own: isOwn
    case .others: !isOwn
    case .flagged: isOwn || isFlagged
    case .none: false
    }
  }
}
