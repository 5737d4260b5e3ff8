// Hansard
// SPDX-License-Identifier: Apache-2.0

import API
import ArgumentParser
import Governance

/// `hansard policy …`
struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Settle a tenant's retention, reviews, limits and alerts.",
    subcommands: [ShowPolicy.self, SetPolicy.self])
}

/// `hansard policy show`
struct ShowPolicy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the policy of a tenant as JSON.")

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let policy = try await options.perform { hansard, caller in
      try await hansard.policies.find(by: caller)
    }
    print(PolicyDocument.text(of: policy))
  }
}

/// `hansard policy set FILE --replacing VERSION`
struct SetPolicy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Replace the policy of a tenant, whole.",
    discussion: """
      The file holds what PUT /api/governance/policy takes; what it does not name is as if nothing had
      been settled. Instances follow within five seconds.
      """)

  @Argument(help: "A file with the new policy as JSON.")
  var file: String

  @Option(help: "The version that it replaces, as `policy show` has it.")
  var replacing: Int

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let bytes = try InputFile.contents(of: file, atMost: 64 * 1024)
    let policy = try await options.perform { hansard, caller in
      try await hansard.policies.set(
        try PolicyDocument.read(bytes), replacing: replacing, by: caller)
    }
    print(PolicyDocument.text(of: policy))
  }
}
