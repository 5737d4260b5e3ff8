// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import HansardClient

/// The options by which a command finds a running service.
struct ClientOptions: ParsableArguments {
  @Option(help: "The service's address (else $HANSARD_URL, else .hansard/demo.env).")
  var url: String?

  @Option(
    help: ArgumentHelp(
      "An API key (else $HANSARD_KEY, $HANSARD_RECORDER_KEY, .hansard/demo.env).",
      discussion: "Prefer the environment: other users of the machine see a command line."))
  var key: String?

  @Option(help: "A file that holds the API key.", completion: .file())
  var keyFile: String?

  /// Everything resolved: options first, then the environment, then the demo's file.
  func resolve() throws -> ClientSettings {
    let environment = ProcessInfo.processInfo.environment.filter { !$0.value.isEmpty }
    // The demo's key belongs to the demo's address: with another address it is left alone.
    let isElsewhere = url != nil || environment["HANSARD_URL"] != nil
    let demo = isElsewhere ? [:] : try demonstration()
    func value(_ name: String) -> String? { environment[name] ?? demo[name] }
    guard let address = url ?? value("HANSARD_URL") else {
      throw ValidationError(
        "Which service? Give --url, set HANSARD_URL, or run scripts/run in this directory first.")
    }
    return ClientSettings(
      url: address,
      key: try key ?? keyFromFile(environment) ?? value("HANSARD_KEY")
        ?? value("HANSARD_RECORDER_KEY"),
      user: value("HANSARD_MEMBER_USER"))
  }

  private func demonstration() throws -> [String: String] {
    try DemoEnvironment.read(LocalState.standard.demoEnvironmentFile)?.values ?? [:]
  }

  private func keyFromFile(_ environment: [String: String]) throws -> String? {
    guard let path = keyFile ?? environment["HANSARD_KEY_FILE"] else { return nil }
    do {
      return try String(contentsOfFile: path, encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      throw ValidationError("The key file \(path) cannot be read.")
    }
  }
}

/// How to reach a service, and as whom.
struct ClientSettings: Sendable {
  var url: String
  var key: String?
  /// The user to record for, where the command was not told.
  var user: String?

  /// A client with these settings.
  func client() throws -> HansardClient {
    guard let key else {
      throw ValidationError("An API key is needed: set HANSARD_KEY, or give --key-file.")
    }
    return try HansardClient(.init(baseURL: url, apiKey: APIKey(key), retry: .ofCommands))
  }
}

extension RetryPolicy {
  /// A person waits: through a restart of the service, half a minute to a minute, and longer where the
  /// service is well and only asks to be asked less often.
  static let ofCommands = RetryPolicy(
    attempts: 24, longestPause: .seconds(3), longestRetryAfter: .seconds(600))
}
