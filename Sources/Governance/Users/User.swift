// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// A user of agents, as the tenant registered them or as they appeared at first sight.
package struct User: Sendable {
  package var id: UserID
  package var name: String?
  package var email: String?
  /// False when a recording named the user before any admin did.
  package var isRegistered: Bool
  package var createdAt: Timestamp
  package var updatedAt: Timestamp
}
