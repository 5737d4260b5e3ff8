// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

extension LiveStage {
  /// Revoking a key ends what it has opened on two instances, within five seconds, and nobody else's.
  ///
  /// - Parameter listen: Opens a WebSocket as the key of that name.
  static func expectRevocationEnds(
    _ listen: @Sendable (LiveStage, _ name: String) async throws -> LiveClient
  ) async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      try await deployment.withService { twin in
        let stage = try await LiveStage.make(service, in: deployment)
        let near = try await listen(stage, "reviewer")
        let far = try await listen(stage.on(twin), "reviewer")
        let other = try await listen(stage.on(twin), "auditor")
        let key = stage.key("reviewer").id
        let revoked = try await stage.client("admin").send(.delete, "/api/governance/keys/\(key)")
        #expect(revoked.status == 200)
        #expect(try await near.closing(within: .seconds(5)) == 1008)
        #expect(try await far.closing(within: .seconds(5)) == 1008)
        let id = try await stage.client("recorder").startRecording()
        #expect(try await other.next().data["recording_id"]?.text() == id)
        await other.drop()
      }
    }
  }
}
