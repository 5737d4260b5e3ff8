// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// Ways in which an audit entry cannot be written, and one in which it can: with that the harness must
/// find everything wrong.
enum AuditFailure: String, CaseIterable, Sendable {
  case trigger, revoked, locked, check, diskFull
  /// The planted defect: somebody touches the table, and every entry is written.
  case none

  static let failing = allCases.filter { $0 != .none }

  /// What makes it so.
  private var making: [String] {
    switch self {
    case .trigger: Self.raising("raise exception 'no'")
    case .diskFull: Self.raising("raise exception using errcode = '53100'")
    case .none: Self.raising("return new")
    case .revoked: ["revoke insert on hansard.canvas_audit from hansard_service"]
    case .check:
      ["alter table hansard.canvas_audit add constraint no_audit check (false) not valid"]
    // Reading goes on; writing waits until the server's patience ends.
    case .locked: ["begin", "lock table hansard.canvas_audit in exclusive mode"]
    }
  }

  /// What makes it as it was.
  private var mending: [String] {
    switch self {
    case .trigger, .diskFull, .none:
      ["drop trigger no_audit on hansard.canvas_audit", "drop function public.no_audit()"]
    case .revoked: ["grant insert on hansard.canvas_audit to hansard_service"]
    case .check: ["alter table hansard.canvas_audit drop constraint no_audit"]
    case .locked: ["rollback"]
    }
  }

  private static func raising(_ statement: String) -> [String] {
    [
      """
      create function public.no_audit() returns trigger language plpgsql
        as $$ begin \(statement); end $$
      """,
      """
      create trigger no_audit before insert on hansard.canvas_audit
        for each row execute function public.no_audit()
      """,
    ]
  }

  /// Lets `body` run while it is so. The connection is the superuser's, and this failure's alone.
  func during<T: Sendable>(
    _ connection: PostgresConnection, _ body: () async throws -> T
  ) async throws -> T {
    for statement in making { _ = try await connection.execute(Query(statement, prepared: false)) }
    let result: Result<T, any Error>
    do {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    for statement in mending { _ = try await connection.execute(Query(statement, prepared: false)) }
    return try result.get()
  }
}
