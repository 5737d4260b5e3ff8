// Hansard
// SPDX-License-Identifier: Apache-2.0

import API
import ArgumentParser
import Foundation
import Governance
import Postgres
import Protection

/// `hansard run`: what `scripts/run` calls once it has built.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a demonstration with a private PostgreSQL under .hansard/.",
    discussion: """
      Starts the server, migrates it, makes two demonstration tenants with one key per role, starts \
      the service and plays a sample agent session into it. What it made is in .hansard/demo.env. A \
      second start finds its data again.
      """)

  func run() async throws {
    ProcessHardening.apply()
    let configuration = try demonstration(Configuration.ofProcess())
    let state = LocalState.standard
    try state.make()
    let record = try ProcessRecord(claiming: state)
    defer { record.remove() }
    try PortProbe.check(
      host: configuration.host, ports: [configuration.port, configuration.adminPort])
    Terminal.say("Starting the private PostgreSQL in \(state.databaseDirectory)")
    try await Site.with(configuration, in: state) { site in
      _ = try await site.withMigrator { migrator async throws(MigrationError) in
        try await migrator.up()
      }
      let log = try state.openLog()
      defer { log.closeAndWait() }
      try await DemoRun(state: state, runner: ServiceRunner(site, log: log)).run()
    }
    Terminal.say("Hansard has stopped. Its data stay in \(state.directory)/.")
  }

  /// The environment's settings for a deployment that is for trying out.
  private func demonstration(_ configuration: Configuration) -> Configuration {
    var configuration = configuration
    if configuration.databaseURL != nil {
      Terminal.tell(
        "DATABASE_URL is set, but `run` only ever uses its private server: see `hansard serve`")
      configuration.databaseURL = nil
      configuration.migrateDatabaseURL = nil
    }
    if configuration.sources[.stage] == nil { configuration.stage = .development }
    return configuration
  }
}
