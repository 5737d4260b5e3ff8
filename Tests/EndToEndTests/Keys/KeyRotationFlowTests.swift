// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import Protection
import TestSupport
import Testing

/// Keys are rotated by the commands while two services record and show: nothing fails.
@Suite(.serialized, .exclusive)
struct KeyRotationFlowTests {
  private struct Stage {
    let deployment: Deployment
    let tenant: Tenant
    let key: String
    let services: [Service]
    let load = KeyLoad()

    /// Eight clients of two services, for the length of `body`; what failed.
    static func failures(
      _ body: (Stage) async throws -> Void
    ) async throws -> [String] {
      try await Deployment.with { deployment in
        let tenant = try await deployment.makeTenant("rotation")
        let key = try await tenant.makeKey(.init("admin", user: "alice")).text
        let services = [try await deployment.startService(), try await deployment.startService()]
        let stage = Stage(deployment: deployment, tenant: tenant, key: key, services: services)
        let clients = (0..<8).map { services[$0 % 2].client(key) }
        try await stage.load.during(clients) {
          try await eventually("load") { stage.load.requests > 100 }
          try await body(stage)
        }
        for service in services { #expect(try await service.stop() == .exited(0)) }
        // Instances that know the present file only, and have nothing in memory.
        try await deployment.withService { await stage.load.readAll($0.client(key)) }
        print("rotation: \(stage.load.requests) requests")
        return stage.load.failures
      }
    }

    func rotateTenant() async throws -> JSONValue {
      try await deployment.answer(["keys", "rotate-tenant", "--tenant", tenant.id])
    }

    func keys(_ arguments: [String] = []) async throws -> [JSONValue] {
      Array(try await deployment.answer(["keys", "status"] + arguments).elements)
    }
  }

  @Test(.timeLimit(.minutes(5))) func nothingFailsMeanwhile() async throws {
    let failures = try await Stage.failures { stage in
      let file = KeyFile(deployment: stage.deployment)
      for _ in 0..<2 {
        let requests = stage.load.requests
        let id = try await file.addKey()
        let master = try await stage.deployment.answer(["keys", "rotate-master"])
        #expect(try master["master_key_id"]?.text() == id && master["left"]?.integer() == 0)
        #expect(master["rewrapped"]?.integer() == 1)
        let masters = try await stage.keys()
        #expect(try masters.map { try $0["master_key_id"]?.text() }.first == id)
        #expect(masters.map { $0["is_removable"]?.raw } == ["false", "true"])
        try file.removeOldKeys()

        async let other = stage.rotateTenant()
        let rotations = [try await stage.rotateTenant(), try await other]
        for rotation in rotations {
          #expect(rotation["left"]?.integer() == 0 && rotation["unreadable"]?.integer() == 0)
        }
        #expect(rotations.contains { $0["is_new"]?.raw == "true" })
        let keys = try await stage.keys(["--tenant", stage.tenant.id])
        #expect(try keys.map { try $0["state"]?.text() } == ["active"])
        try await eventually("load") { stage.load.requests > requests + 50 }
      }
    }
    #expect(failures == [])
  }

  /// The planted defect: data keys are said to be under the new key, and are not.
  @Test(.timeLimit(.minutes(5))) func aRotationThatForgetsTheKeysIsNoticed() async throws {
    let failures = try await Stage.failures { stage in
      try await stage.deployment.withDatabase { database in
        let rows = try await database.execute(
          Query("select pg_get_functiondef('hansard.rewrap_recording_keys'::regproc)"))
        let text = try #require(rows.first).decode(0, as: String.self)
        let mutant = text.replacing("wrapped = n.fresh", with: "wrapped = k.wrapped")
        #expect(mutant != text)
        _ = try await database.execute(Query(mutant, prepared: false))
      }
      _ = try? await stage.rotateTenant()
      try await eventually("load") { !stage.load.failures.isEmpty }
    }
    #expect(failures.contains { $0.contains("integrity_failure") })
  }
}
