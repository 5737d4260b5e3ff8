// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

/// A key that runs out while instances know it well, and while connections are open under it.
@Suite(.serialized, .exclusive)
struct KeyExpiryTests {
  private struct Mortal {
    let id: String
    let text: String
  }

  /// An auditor's key that ends so many seconds from now.
  private func makeKey(
    _ stage: LiveStage, _ deployment: Deployment, seconds: Int
  ) async throws -> Mortal {
    let end: String = try await deployment.value(
      """
      select to_char(
        now() at time zone 'utc' + \(seconds) * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
      """)
    let made = try await stage.client("admin").send(
      .post, "/api/governance/keys", json: #"{"role":"auditor","expires_at":"\#(end)"}"#)
    guard made.status == 201 else { throw TestSupportError(made.text) }
    return Mortal(id: try made.text("key_id"), text: try made.text("key"))
  }

  private func listen(_ service: Service, _ key: Mortal) async throws -> LiveClient {
    let client = try await LiveClient.connect(
      .init(port: service.settings.ports.main, key: key.text))
    _ = try await client.next()
    return client
  }

  private func status(_ service: Service, _ key: Mortal) async throws -> Int {
    try await service.client(key.text).send(.get, Paths.recordings).status
  }

  @Test func aKeyThatEndsIsRefusedAtOnceAndItsConnectionsEnd() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      try await deployment.withService { twin in
        let stage = try await LiveStage.make(service, in: deployment)
        let key = try await makeKey(stage, deployment, seconds: 86_400)
        let (near, far) = (try await listen(service, key), try await listen(twin, key))
        let (other, _) = try await stage.on(twin).listen("auditor")
        for instance in [service, twin] { #expect(try await status(instance, key) == 200) }
        // Its time comes, and nobody says a word of it.
        try await deployment.withDatabase { connection in
          _ = try await connection.execute(
            Query(
              "update hansard.api_keys set expires_at = now() where key_id = '\(key.id)'",
              prepared: false))
        }
        for instance in [service, twin] { #expect(try await status(instance, key) == 401) }
        for client in [near, far] {
          #expect(try await client.closing(within: .seconds(10)) == 1008)
        }
        let id = try await stage.client("recorder").startRecording()
        #expect(try await other.next().data["recording_id"]?.text() == id)
        await other.drop()
      }
    }
  }

  /// The same by the clock alone.
  @Test func aKeyEndsWhenItsTimeHasCome() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      let key = try await makeKey(stage, deployment, seconds: 5)
      let client = try await listen(service, key)
      #expect(try await status(service, key) == 200)
      func isOver() async throws -> Bool {
        try await deployment.value(
          "select expires_at <= clock_timestamp() from hansard.api_keys where key_id = '\(key.id)'")
      }
      #expect(try await client.closing(within: .seconds(20)) == 1008)
      #expect(try await isOver())
      #expect(try await status(service, key) == 401)
    }
  }
}
