// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardClient

/// What tests of the Swift client ask of it alike.
enum ClientCalls {
  /// A client that soon gives up.
  static func client(_ service: Service, _ key: String?) throws -> HansardClient {
    try HansardClient(
      .init(
        baseURL: service.url, apiKey: key.map { APIKey($0) },
        retry: .init(attempts: 3, firstPause: .milliseconds(20), longestPause: .milliseconds(200))))
  }

  /// Status and code of the problem that a call meets; nil: it went well.
  static func code(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch HansardClientError.problem(let problem) {
      return "\(problem.status) \(problem.code)"
    } catch {
      return "\(error)"
    }
  }
}
