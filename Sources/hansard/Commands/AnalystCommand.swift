// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance
import Postgres

/// `hansard analyst …`
struct AnalystCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyst",
    abstract: "Make and drop logins of the database that read a tenant's records with SQL.",
    discussion: """
      Roles are made as HANSARD_MIGRATE_DATABASE_URL logs in, which must be a superuser or have \
      CREATEROLE. What can be asked is in docs/compliance-queries.md.
      """,
    subcommands: [CreateAnalyst.self, ListAnalysts.self, DropAnalyst.self])

  static func login(_ text: String) throws -> AnalystLogin {
    guard let login = AnalystLogin(text) else {
      throw ValidationError("'\(text)' is not an analyst's login, hansard_analyst_….")
    }
    return login
  }
}

/// `hansard analyst create --name NAME`
struct CreateAnalyst: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make a login. Its password is shown this once; the server keeps a SCRAM verifier.")

  @Option(help: "A name for people to read.", transform: CommandValue.name)
  var name: DisplayName

  @Option(help: "The most sessions at a time.")
  var connections = 4

  @Option(help: "When its password ends: 2027-01-31T00:00:00Z.", transform: CommandValue.time)
  var expiresAt: Timestamp?

  @OptionGroup var options: OperatorOptions

  func validate() throws {
    guard (1...100).contains(connections) else {
      throw ValidationError("--connections is 1 to 100.")
    }
  }

  func run() async throws {
    let password = try AnalystLogins.makePassword()
    let terms = AnalystLogins.Terms(connections: connections, expiresAt: expiresAt)
    let (analyst, command) = try await options.performOnLogins { hansard, caller, logins in
      let analyst = try await hansard.analysts.create(name: name, by: caller) { login in
        do throws(PostgresError) {
          try await logins.make(login, password: password, terms: terms)
        } catch {
          throw CommandFailure(saying: error)
        }
      } unmaking: { login in
        do {
          try await logins.drop(login)
        } catch {
          // What went wrong first is what is told; without a mapping the login reads nothing.
        }
      }
      return (analyst, await logins.commandLine(analyst.login))
    }
    Listing.show(
      analyst.fields + [("password", .text(password)), ("psql", .text(command))],
      json: options.json)
  }
}

/// `hansard analyst list`
struct ListAnalysts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the analysts of a tenant, those too who are dropped.")

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let analysts = try await options.perform { hansard, caller in
      try await hansard.analysts.list(by: caller)
    }
    Listing.show(analysts.map(\.fields), json: options.json)
  }
}

/// `hansard analyst drop LOGIN`
struct DropAnalyst: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop",
    abstract: "Drop a login: it reads nothing from its next statement on, and its sessions end.")

  @Argument(help: "The login.", transform: AnalystCommand.login)
  var login: AnalystLogin

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let analyst = try await options.performOnLogins { hansard, caller, logins in
      let analyst = try await hansard.analysts.drop(login, by: caller)
      do throws(PostgresError) {
        try await logins.drop(login)
      } catch {
        throw CommandFailure(
          "the login reads nothing any more, but is still there: \(error.serverMessage ?? error.description)"
        )
      }
      return analyst
    }
    Listing.show(analyst.fields, json: options.json)
  }
}

extension OperatorOptions {
  /// Like `perform`, with somebody who may create roles.
  fileprivate func performOnLogins<T: Sendable>(
    _ body: @escaping @Sendable (Hansard, Caller, AnalystLogins) async throws -> T
  ) async throws -> T {
    let tenant = try resolvedTenant()
    return try await OperatorSession.with { session in
      _ = try await session.hansard.tenants.find(tenant)
      return try await session.withMigrationConnection { connection in
        try await body(session.hansard, session.caller(of: tenant), AnalystLogins(connection))
      }
    }
  }
}

extension Analyst {
  fileprivate var fields: Listing.Fields {
    [
      ("login", .text(login.rawValue)), ("name", .text(name)),
      ("created_at", .text(createdAt.rfc3339)), ("dropped_at", .some(droppedAt?.rfc3339)),
    ]
  }
}
