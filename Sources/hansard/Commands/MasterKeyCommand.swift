// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Protection

/// `hansard master-key …`
struct MasterKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "master-key",
    abstract: "Make the key that everything recorded is sealed under.",
    subcommands: [CreateMasterKey.self])
}

/// `hansard master-key create FILE`
struct CreateMasterKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make a file with one fresh master key, mode 0600.",
    discussion: """
      Nothing that exists is overwritten. Keep a copy where the database's backups are not: without \
      this key, what was recorded under it cannot be read by anybody.
      """)

  @Argument(help: "The file to make.", completion: .file())
  var file: String

  func run() throws {
    do throws(MasterKeyError) {
      print(try MasterKeyring.makeKeyFile(at: file))
    } catch {
      throw CommandFailure("\(file): \(error)")
    }
  }
}
