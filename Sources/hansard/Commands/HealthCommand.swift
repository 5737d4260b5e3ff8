// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import HansardClient

/// `hansard health`
struct HealthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health",
    abstract: "Ask the service on this machine whether it is ready; for container health checks.",
    discussion: "Uses HANSARD_ADMIN_PORT. The exit status is 1 when it is not ready.")

  func run() async throws {
    let configuration = try Configuration.ofProcess()
    let url = "http://\(configuration.reachableHost):\(configuration.adminPort)"
    let isReady = try await HansardClient(baseURL: url, apiKey: nil).isReady()
    print(isReady ? "ready" : "not ready")
    guard isReady else { throw ExitCode.failure }
  }
}
