// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection
import TestSupport
import Testing

@testable import Governance

/// A tenant with something of each kind that is wrapped under its key.
struct WrappedGround: Sendable {
  let fixture: Fixture
  let recordings: [RecordingID]
  let session: SessionID
  /// An event of the first recording, with a secret in it, as it was sent.
  let event: EventDraft
  /// Who was answered once, and is to be answered the same again.
  let once: Caller

  /// Recordings, a recovery session, a webhook and an answer.
  var count: Int64 { Int64(recordings.count) + 3 }
  var party: Party { fixture.acme }

  static func furnish(_ fixture: Fixture, recordings count: Int = 3) async throws -> WrappedGround {
    let (hansard, party) = (fixture.hansard, fixture.acme)
    let event = try EventDraft.of(#"{"password":"correct horse"}"#, id: .make())
    var recordings: [RecordingID] = []
    for _ in 0..<count {
      let id = try await hansard.recordings.started(by: party)
      try await hansard.recordings.appendOne(event, to: id, by: party.recorder)
      recordings.append(id)
    }
    let session = try SessionID.named("session")
    _ = try await hansard.recovery.log(
      [.of(files: ["a.swift"], message: "broken")], in: session, by: party.recorder)
    let url = try #require(WebhookURL("https://hooks.example.com/a"))
    _ = try await hansard.webhooks.create(WebhookDraft(url: url, types: []), by: party.admin)
    let once = try party.admin.once("placed once")
    _ = try await hansard.agents.register(once)
    return WrappedGround(
      fixture: fixture, recordings: recordings, session: session, event: event, once: once)
  }

  /// What cannot be read or is not recognised; empty where all is well.
  func findings(in hansard: Hansard) async throws -> [String] {
    try await Self.unreadable(of: party.tenant, fixture.settings.material) + readings(in: hansard)
  }

  /// The same of what an instance answers.
  func readings(in hansard: Hansard) async throws -> [String] {
    var findings: [String] = []
    for id in recordings {
      let events = try await hansard.recordings.allEvents(of: id, by: party.ann)
      if events.count != 1 || !(events.first?.text.hasPrefix(#"{"password":"[REDACTED:"#) ?? false)
      {
        findings.append("events of \(id): \(events.map(\.text))")
      }
    }
    let history = try await hansard.recovery.wholeHistory(of: session, by: party.ann)
    if history.map({ $0.content.text(.errorMessage) }) != ["broken"] {
      findings.append("history: \(history)")
    }
    do {
      _ = try await hansard.agents.register(once)
      findings.append("done twice")
    } catch is DoneBefore {
      // As it should be.
    }
    return findings
  }

  /// What is recognised as the same by an instance whose writer is at work.
  func sentAgain() async throws -> [String] {
    let first = try #require(recordings.first)
    let receipt = try await fixture.recordings.appendOne(event, to: first, by: party.recorder)
    return receipt.isReplay ? [] : ["an event that was sent again is another one"]
  }

  /// Whatever is wrapped under the keys of a tenant and does not open under the one that stands beside it, asked
  /// without anything that was remembered.
  static func unreadable(
    of tenant: TenantID, _ material: KeyVault.Material
  ) async throws -> [String] {
    let database = Fixture.database()
    let vault = KeyVault(material)
    var findings: [String] = []
    for kind in WrappedKind.allCases {
      let rows = try await database.read(
        kind.underOthers(than: UUID(), of: tenant, after: nil), of: tenant)
      for thing in try rows.map({ try WrappedThing($0) }) {
        do {
          let key = try vault.tenantKey(thing.tenantKey, of: tenant)
          _ = try kind.rewrapped(thing, from: key, to: key, tenant)
        } catch {
          findings.append("\(kind) \(thing.name): \(error)")
        }
      }
    }
    await database.pool.close()
    return findings
  }
}

extension Agents {
  /// Something that is done once.
  func register(_ caller: Caller) async throws {
    _ = try await put(
      try #require(AgentID("once")), name: nil, status: .student, owners: nil, by: caller)
  }
}
