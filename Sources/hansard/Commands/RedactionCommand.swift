// Hansard
// SPDX-License-Identifier: Apache-2.0

import API
import ArgumentParser
import Governance

/// `hansard redaction …`
struct RedactionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redaction",
    abstract: "Settle what a tenant has redacted before anything is stored.",
    subcommands: [ShowRedaction.self, SetRedaction.self])
}

/// `hansard redaction show`
struct ShowRedaction: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print what a tenant has redacted, and all families, as JSON.")

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let policy = try await options.perform { hansard, caller in
      try await hansard.redaction.find(by: caller)
    }
    print(RedactionDocument.text(of: policy))
  }
}

/// `hansard redaction set FILE --replacing VERSION`
struct SetRedaction: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Replace what a tenant has redacted, whole.",
    discussion: """
      The file holds what PUT /api/governance/redaction takes; what it does not name is on, and no rule.
      Instances follow within five seconds.
      """)

  @Argument(help: "A file with what is switched off and the tenant's own rules, as JSON.")
  var file: String

  @Option(help: "The version that it replaces, as `redaction show` has it.")
  var replacing: Int

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let bytes = try InputFile.contents(of: file, atMost: 64 * 1024)
    let policy = try await options.perform { hansard, caller in
      try await hansard.redaction.set(
        try RedactionDocument.read(bytes), replacing: replacing, by: caller)
    }
    print(RedactionDocument.text(of: policy))
  }
}
