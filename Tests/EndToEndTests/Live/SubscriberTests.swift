// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import Protection
import TestSupport
import Testing

/// Many subscribers, and slow ones.
@Suite(.serialized, .exclusive)
struct SubscriberTests {
  @Test func twoThousandTakeLittleMemory() async throws {
    try await Deployment.with { deployment in
      try await deployment.withService { service in
        let stage = try await LiveStage.make(service, in: deployment)
        // What the first ones need, all need.
        let first = try await connect(100, to: stage)
        let before = service.residentBytes
        let others = try await connect(2000, to: stage)
        let each = (service.residentBytes - before) / 2000
        #expect(each <= 24 * 1024, "\(each) bytes each")
        let id = try await stage.client("recorder").startRecording()
        for client in first + others {
          #expect(try await client.next(within: .seconds(20)).data["recording_id"]?.text() == id)
        }
        for client in first + others { await client.drop() }
        // Their places are given back.
        try await eventually(within: .seconds(20), "places given back") {
          try await stage.subscribers() == 0
        }
      }
    }
  }

  @Test func aSlowSubscriberIsClosedAndNobodyElseNotices() async throws {
    try await Deployment.with { deployment in
      try await deployment.withService { service in
        let stage = try await LiveStage.make(service, in: deployment)
        let healthy = try await connect(5, to: stage)
        var settings = stage.settings("auditor")
        settings.reads = false
        settings.receiveBuffer = 4096
        var slow: [LiveClient] = []
        for _ in 0..<3 { slow.append(try await LiveClient.connect(settings)) }
        var told = 0
        // Until the boxes of the slow ones are full, and what the system keeps for them.
        while try await stage.subscribers() > 5, told < 2000 {
          try await stage.fill(20, from: told)
          for client in healthy {
            for n in told..<told + 20 {
              #expect(try await client.next().data["n"]?.integer() == Int64(n))
            }
          }
          told += 20
        }
        #expect(told < 2000, "slow subscribers are never closed")
        let gone = ContinuousClock.now
        try await eventually(within: .seconds(10), "slow ones cut") {
          try openSockets(of: service) <= 5 + 4
        }
        #expect(gone.duration(to: .now) < .seconds(10))
        for client in healthy + slow { await client.drop() }
      }
    }
  }

  /// Who begins to read again in time learns why they are left.
  @Test func whoReadsAgainIsToldWhy() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      var settings = stage.settings("auditor")
      settings.reads = false
      settings.receiveBuffer = 4096
      let slow = try await LiveClient.connect(settings)
      for round in 0..<20 { try await stage.fill(20, from: 20 * round) }
      try await eventually(within: .seconds(20), "a slow subscriber left") {
        try await stage.subscribers() == 0
      }
      await slow.resume()
      #expect(try await slow.closing() == 1013)
    }
  }

  private func connect(_ count: Int, to stage: LiveStage) async throws -> [LiveClient] {
    try await withThrowingTaskGroup(of: LiveClient.self) { group in
      var clients: [LiveClient] = []
      for index in 0..<count {
        if index >= 16, let client = try await group.next() { clients.append(client) }
        group.addTask { try await stage.listen("auditor").client }
      }
      for try await client in group { clients.append(client) }
      return clients
    }
  }

  /// Connections of the main port, which is none of PostgreSQL's.
  private func openSockets(of service: Service) throws -> Int {
    let table = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
    let port = String(format: ":%04X", service.settings.ports.main)
    return table.split(separator: "\n").dropFirst().count { line in
      let fields = line.split(separator: " ")
      // Established, or half closed by the other side.
      return fields.count > 3 && fields[1].hasSuffix(port) && ["01", "08"].contains(fields[3])
    }
  }
}
