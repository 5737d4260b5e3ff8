// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance

/// `hansard tenant …`
struct TenantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenant",
    abstract: "Make tenants, in the database that DATABASE_URL names.",
    subcommands: [CreateTenant.self])
}

/// `hansard tenant create NAME`
struct CreateTenant: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make a tenant with its first key to seal with.",
    discussion: "Prints the tenant's id, which all other commands want.")

  @Argument(help: "A name for people to read.", transform: CommandValue.name)
  var name: DisplayName

  @Flag(help: "Answer in JSON.")
  var json = false

  func run() async throws {
    let tenant = try await OperatorSession.with { session in
      try await session.hansard.tenants.create(name: name)
    }
    Listing.show(
      [("tenant_id", .text(tenant.id.description)), ("name", .text(tenant.name))], json: json)
  }
}
