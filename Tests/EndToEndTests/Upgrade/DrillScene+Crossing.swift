// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// What one build does and the other has to live with.
extension DrillScene {
  /// Recordings that one build starts and the other goes on with and ends.
  func cross(to newService: Service) async throws {
    let clients = [oldService, newService].map { $0.client(tenant.key) }
    for (first, second) in [(clients[0], clients[1]), (clients[1], clients[0])] {
      let id = try await first.startRecording()
      let event = #"{"event_type":"step","event_data":1}"#
      for client in [second, first] {
        try await client.expect(201, .post, Paths.recording(id, "event"), event)
      }
      let flag = #"{"flag_reason":"looked at by another build"}"#
      try await second.expect(200, .post, Paths.recording(id, "flag"), flag)
      try await second.expect(200, .post, Paths.recording(id, "stop"), "{}")
      guard try await first.allEvents(of: id).count >= 2 else {
        throw TestSupportError("events of \(id) are not seen by the other build")
      }
    }
  }

  /// What 0.1.0 has no place for: a legal hold, and a recording that is deleted before its time.
  func doWhatIsNew(on service: Service) async throws {
    let client = service.client(tenant.key)
    for isHeld in [true, false] {
      let id = try await client.startRecording()
      try await client.expect(
        201, .post, Paths.recording(id, "event"), #"{"event_type":"step","event_data":1}"#)
      try await client.expect(200, .post, Paths.recording(id, "stop"), "{}")
      let reason = #""reason":"Done while both builds were running.""#
      if isHeld {
        let hold = #"{"recording_id":"\#(id)",\#(reason)}"#
        try await client.expect(201, .post, "/api/governance/holds", hold)
      } else {
        try await client.expect(200, .delete, Paths.recording(id), "{\(reason)}")
      }
    }
  }

  /// Every list of the old service, with whatever the newer build has left in it.
  func askAround(_ phase: String) async throws {
    let client = oldService.client(tenant.key)
    for path in [
      Paths.recordings + "?limit=100", Paths.recordings + "/export",
      "/api/governance/audit?limit=500",
      "/api/governance/audit/export", "/api/governance/policy", "/api/governance/reviews",
      "/api/governance/keys", "/api/governance/users", "/api/governance/agents",
      "/api/recovery/sessions",
    ] {
      let answer = try await client.send(.get, path)
      if answer.status != 200 {
        journal.surprised("\(phase): \(path): \(answer.status) \(answer.text.prefix(200))")
      }
    }
  }
}
