// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance
import Postgres

/// `hansard serve`
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Run the service.",
    discussion: """
      Takes everything from the environment; `hansard check-config` shows what is in force. With \
      DATABASE_URL set it uses that server and never starts one. Without, it starts a private \
      PostgreSQL under .hansard/ and migrates it. Logs JSON lines to standard output. SIGTERM and \
      SIGINT end it gracefully.
      """)

  func run() async throws {
    ProcessHardening.apply()
    let configuration = try Configuration.ofProcess()
    try PortProbe.check(
      host: configuration.host, ports: [configuration.port, configuration.adminPort])
    try await Site.with(configuration) { site in
      if site.privateDatabase != nil {
        Terminal.tell("DATABASE_URL is not set: using the private PostgreSQL under .hansard/")
        _ = try await site.withMigrator { migrator async throws(MigrationError) in
          try await migrator.up()
        }
      }
      let log = LogSink()
      defer { log.closeAndWait() }
      try await ServiceRunner(site, log: log).run()
    }
  }
}
