// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Logging
import Postgres

/// What the commands for operators work with: the domain on the database, without a service.
struct OperatorSession: Sendable {
  let hansard: Hansard
  /// Where migrations log in, who may create roles.
  private let migrationDatabase: String

  /// Lends a session on the configured database and closes it afterwards.
  static func with<T: Sendable>(_ body: (OperatorSession) async throws -> T) async throws -> T {
    let configuration = try Configuration.ofProcess()
    return try await Site.with(configuration) { site in
      // What goes wrong is told by the command; nothing else here is worth a line.
      var logger = Logger(label: "hansard") { _ in SwiftLogNoOpLogHandler() }
      logger.logLevel = .critical
      var settings = site.settings(poolSize: 1)
      // Who puts a restored database right is not to be kept from it.
      settings.refusesRestoredDatabase = false
      let hansard = Hansard(settings, observer: Observer(logger: logger))
      do {
        let result = try await body(
          OperatorSession(hansard: hansard, migrationDatabase: site.migrationDatabase))
        await hansard.close()
        return result
      } catch {
        await hansard.close()
        throw CommandFailure(explaining: error)
      }
    }
  }

  /// Lends a connection of who migrates.
  func withMigrationConnection<T: Sendable>(
    _ body: (PostgresConnection) async throws -> T
  ) async throws -> T {
    let connection: PostgresConnection
    do throws(PostgresError) {
      connection = try await PostgresConnection.connect(
        PostgresConfiguration(conninfo: migrationDatabase, applicationName: "hansard"))
    } catch {
      throw CommandFailure(saying: error)
    }
    do {
      let result = try await body(connection)
      await connection.close()
      return result
    } catch {
      await connection.close()
      if let error = error as? PostgresError {
        throw CommandFailure(saying: error)
      }
      throw error
    }
  }

  /// The person at the command line, as an admin of `tenant`.
  func caller(of tenant: TenantID) -> Caller {
    Caller(principal: .operatorOf(tenant), request: .make())
  }
}

extension CommandFailure {
  /// A failure of the domain in words for the person at the command line.
  init(explaining error: any Error) {
    guard let error = error as? DomainError else {
      self.init("\(error)")
      return
    }
    let places = error.violations.map { "\n  \($0.pointer): \($0.reason)" }.joined()
    self.init("\(error.message)\(places)")
  }
}
