// Hansard
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import HansardClient
import TestSupport
import Testing

/// A session whose HTTP client is stopped by its owner while a batch is under way.
struct ClientShutdownTests {
  @Test(.timeLimit(.minutes(1)))
  func aSessionLosesNothingToItsHTTPClientsEnd() async throws {
    try await ScriptedServer.with(
      { _, _ in .silence },
      { server in
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let client = try HansardClient(.init(baseURL: server.url, apiKey: nil), http: http)
        let session = try client.session(
          for: "r-1", options: .init(batchEvents: 1, longestPause: .milliseconds(5)))
        let events = try (0..<3).map { try HansardClient.Event(type: "step", json: "\($0)") }
        for event in events { try await session.record(event) }
        try await eventually { server.requests.count == 1 }
        try await http.shutdown()
        try await eventually { await session.progress.trouble != nil }
        let error = await #expect(throws: HansardClientError.self) {
          try await session.close(within: .milliseconds(200))
        }
        #expect(error == .undelivered(events))
        let progress = await session.progress
        #expect(progress.pending == 0 && progress.failed == 0)
      })
  }
}
