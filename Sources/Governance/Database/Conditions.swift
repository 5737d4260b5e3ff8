// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// Conditions joined by `and`, each value a parameter.
struct Conditions {
  var clauses: [String] = []
  var parameters: [any PostgresEncodable] = []

  /// Adds a parameter and returns its place, `$1`, `$2`, ….
  mutating func bind(_ value: some PostgresEncodable) -> String {
    parameters.append(value)
    return "$\(parameters.count)"
  }

  mutating func add(_ clause: String, _ value: some PostgresEncodable) {
    clauses.append(clause + bind(value))
  }

  /// All of them, for behind `where`.
  var text: String { clauses.joined(separator: "\n  and ") }
}
