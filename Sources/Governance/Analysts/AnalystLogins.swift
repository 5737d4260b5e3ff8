// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres
import Protection

/// Makes and drops analysts' logins, on a connection of somebody who may create roles.
package struct AnalystLogins: Sendable {
  private let connection: PostgresConnection

  /// How much a login may do at once.
  package struct Terms: Sendable {
    /// The most sessions at a time; the login cannot change that.
    package var connections: Int
    /// When its password ends; nil: never.
    package var expiresAt: Timestamp?

    /// Creates terms.
    package init(connections: Int, expiresAt: Timestamp? = nil) {
      self.connections = connections
      self.expiresAt = expiresAt
    }
  }

  /// - Parameter connection: Of a superuser, or of a role with CREATEROLE.
  package init(_ connection: PostgresConnection) {
    self.connection = connection
  }

  /// A password: 43 characters of base64url, 256 random bits.
  package static func makePassword() throws -> String {
    Base64URL.encode(try SecureRandom.bytes(32))
  }

  /// Makes the login, a member of `hansard_analyst`.
  package func make(
    _ login: AnalystLogin, password: String, terms: Terms
  ) async throws(PostgresError) {
    let verifier = try await connection.passwordVerifier(password, login: login.rawValue)
    let rows = try await connection.execute(.isSuperuser)
    let isSuperuser = try rows.first?.decode(0, as: Bool.self) ?? false
    _ = try await connection.transact(
      Query.makeLogin(login, verifier: verifier, terms: terms, isSuperuser: isSuperuser))
  }

  /// Ends the login's sessions and drops it; one that is not there is passed over.
  ///
  /// - Throws: `insufficientPrivilege` where the connection's role may not, and what PostgreSQL says where
  ///   the login owns something in another database.
  package func drop(_ login: AnalystLogin) async throws(PostgresError) {
    guard try await !connection.execute(.findLogin(login)).isEmpty else { return }
    _ = try await connection.execute(.closeLogin(login))
    do throws(PostgresError) {
      _ = try await connection.execute(.endSessions(of: login))
      _ = try await connection.execute(.dropBelongings(of: login))
    } catch  where error.sqlState == .insufficientPrivilege {
      // No superuser: its sessions read nothing any more, and most logins own nothing.
    }
    _ = try await connection.execute(.dropLogin(login))
  }

  /// How `psql` is called by a login, in a shell; it asks for the password.
  package func commandLine(_ login: AnalystLogin) async -> String {
    let parameters = await connection.address + [("user", login.rawValue)]
    let text = parameters.map { "\($0)=\(Self.quoted($1))" }.joined(separator: " ")
    return
      "psql '\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
  }

  /// A value of libpq's `key=value` list (PostgreSQL's manual, section 34.1.1).
  private static func quoted(_ value: String) -> String {
    let plain = value.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "-._/,:@".utf8.contains(byte)
    }
    if plain { return value }
    let escaped = value.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] }
    return "'\(String(escaped))'"
  }
}
