// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The program: `hansard <command>`.
@main
struct HansardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hansard",
    abstract: "The verbatim, tamper-evident record of what autonomous agents do.",
    discussion: "Configured by the environment; docs/operations.md lists every variable.",
    subcommands: [
      ServeCommand.self, CheckConfigCommand.self, MigrateCommand.self, HealthCommand.self,
      RoutesCommand.self,
    ],
    groupedSubcommands: [
      CommandGroup(
        name: "Tenants and keys (on the database)",
        subcommands: [
          TenantCommand.self, UserCommand.self, AgentCommand.self, KeyCommand.self,
          AnalystCommand.self, PolicyCommand.self, RedactionCommand.self, RetentionCommand.self,
          MasterKeyCommand.self, KeysCommand.self, RestoreCommand.self,
        ]),
      CommandGroup(
        name: "Trying it out (the last two on a running service)",
        subcommands: [RunCommand.self, DemoCommand.self, ImportCommand.self]),
    ])
}
