// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

extension PostgresConnection {
  /// What the server keeps of a password, SCRAM-SHA-256 as in RFC 5803, made here: the password itself never
  /// reaches the server, nor its log.
  ///
  /// - Parameter login: Not part of the result; libpq asks for it.
  package func passwordVerifier(_ password: String, login: String) throws(PostgresError) -> String {
    guard let connection = handle.connection,
      let text = PQencryptPasswordConn(connection, password, login, "scram-sha-256")
    else { throw PostgresError(.misuse, context: "no verifier of a password") }
    defer { PQfreemem(text) }
    return String(cString: text)
  }

  /// How the session was reached, as libpq's parameters: `host`, `port`, `dbname`, and those of TLS which
  /// were given. Nothing in it is secret.
  package var address: [(name: String, value: String)] {
    guard let connection = handle.connection, let options = PQconninfo(connection) else {
      return []
    }
    defer { PQconninfoFree(options) }
    var found: [(name: String, value: String)] = []
    var option = options
    while let keyword = option.pointee.keyword {
      let name = String(cString: keyword)
      if Self.addressOptions.contains(name), let value = option.pointee.val, value.pointee != 0 {
        found.append((name, String(cString: value)))
      }
      option += 1
    }
    return found
  }

  private static let addressOptions: Set<String> = [
    "host", "hostaddr", "port", "dbname", "sslmode", "sslrootcert",
  ]
}
