// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OIDC
import Postgres
import Protection

/// `hansard check-config`
struct CheckConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config",
    abstract: "Show what is in force, and check it as far as that goes without the database.",
    discussion: "Secrets are masked. The exit status is 78 when something is wrong.")

  func run() async throws {
    let configuration = try Configuration.ofProcess()
    print(configuration.report())
    var problems: [String] = []
    do {
      let migrations = try MigrationFiles.load(configuration)
      print("# migrations: up to \(migrations.latest)")
    } catch {
      problems.append("HANSARD_SQL: \(error)")
    }
    print("# openapi: \(DescriptionFile.find() ?? "not found, so /openapi.yaml answers 404")")
    if let file = configuration.masterKeyFile {
      do throws(MasterKeyError) {
        print("# master key: \(try MasterKeyring.load(file: file).current.id)")
      } catch {
        problems.append("HANSARD_MASTER_KEY_FILE: \(error)")
      }
    } else if configuration.databaseURL != nil {
      print("# master key: none, so the service would start sealed and write nothing")
    }
    if let problem = archiveProblem(configuration) { problems.append(problem) }
    if let problem = await issuerKeysProblem(configuration) { problems.append(problem) }
    guard problems.isEmpty else {
      for problem in problems { Terminal.tell("configuration: \(problem)") }
      throw ExitCode(ConfigurationError.exitStatus)
    }
  }

  /// Looks at the directory of archives, where it is one; a store is not asked.
  private func archiveProblem(_ configuration: Configuration) -> String? {
    guard case .directory(let path) = configuration.archive.place else { return nil }
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
      isDirectory.boolValue, FileManager.default.isWritableFile(atPath: path)
    else { return "HANSARD_ARCHIVE_URL: is not a directory that this account can write to" }
    return nil
  }

  /// Reads the issuer's keys where they are in a file; a URL is not asked.
  private func issuerKeysProblem(_ configuration: Configuration) async -> String? {
    guard let source = configuration.oidc.settings?.keys, case .file = source else { return nil }
    do throws(KeySetError) {
      print("# issuer keys of use: \(try await source.load().count)")
      return nil
    } catch {
      return "HANSARD_OIDC_KEYS: the set \(error)"
    }
  }
}
