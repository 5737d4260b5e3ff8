// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres
import Protection

/// Somebody of a compliance team who reads the tenant's records with SQL, in schema `compliance`.
package struct Analyst: Sendable {
  package var login: AnalystLogin
  package var name: String
  package var createdAt: Timestamp
  /// From then on the login reads nothing.
  package var droppedAt: Timestamp?
}

/// The name of a login of the database: `hansard_analyst_` and 16 hexadecimal digits, at random.
///
/// Every login can read the names of all of them in the catalog, so there is nothing in them.
package struct AnalystLogin: Sendable, Hashable, CustomStringConvertible {
  package let rawValue: String

  /// Reads a name of exactly that form.
  package init?(_ text: String) {
    let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
    guard text.utf8.starts(with: Self.prefix.utf8), digits.count == 16,
      digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    rawValue = text
  }

  /// A new name.
  static func make() throws -> AnalystLogin {
    let digits = Hexadecimal.text(of: try SecureRandom.bytes(8))
    guard let login = AnalystLogin(prefix + digits) else { throw DomainError.unreadable }
    return login
  }

  package var description: String { rawValue }

  private static let prefix = "hansard_analyst_"
}
