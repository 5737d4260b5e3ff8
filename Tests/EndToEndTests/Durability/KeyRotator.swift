// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Protection
import Synchronization
import TestSupport

/// An operator who rotates keys by the commands again and again, and runs again what has failed.
///
/// Some runs are killed half-way: whoever runs the command again goes on, wherever that was.
final class KeyRotator: Sendable {
  /// What was done.
  struct Tally: Sendable {
    /// Rotations that were brought to their end.
    var masters = 0
    var tenants = 0
    /// Keys and secrets that runs which lived to say so have wrapped anew.
    var rewrapped: Int64 = 0
    /// Runs that PostgreSQL let down, and runs that were killed.
    var failed = 0
    var killed = 0
    /// What no run should say.
    var faults: [String] = []
  }

  private let scene: KillLoop.Scene
  private let file: KeyFile
  private let content = Mutex((tally: Tally(), generator: SeededGenerator(seed: Effort.seed)))

  init(_ scene: KillLoop.Scene) {
    self.scene = scene
    file = KeyFile(deployment: scene.deployment)
  }

  var tally: Tally { content.withLock { $0.tally } }

  func fault(_ what: String) { content.withLock { $0.tally.faults.append(what) } }

  /// A new master key and a new key for the tenant, both at once; takes the old master key out of the
  /// file when nothing is wrapped under it any more.
  func rotate() async throws {
    let id = try await file.addKey()
    try await rotateAll(to: id)
    try file.removeOldKeys()
  }

  private func rotateAll(to id: String) async throws {
    async let tenant = untilDone(["rotate-tenant", "--tenant", scene.tenant.id])
    let master = try await untilDone(["rotate-master"])
    if try master["master_key_id"]?.text() != id { fault("rotated to \(master.raw), not \(id)") }
    _ = try await tenant
    content.withLock {
      $0.tally.masters += 1
      $0.tally.tenants += 1
    }
    let masters = try await masterKeys()
    if masters.first?.id != id || masters.dropFirst().contains(where: { !$0.isRemovable }) {
      fault("not all is under \(id): \(masters)")
    }
    let keys = try await untilDone(["status", "--tenant", scene.tenant.id])
    if try keys.elements.map({ try $0["state"]?.text() }) != ["active"] {
      fault("keys of the tenant: \(keys.raw)")
    }
  }

  /// When everything is calm: the file without the old key seals a service and a command for as long as
  /// anything is under that key; afterwards it does, and everything is read with it.
  func rotateLast(_ readers: RotationReaders) async throws {
    let id = try await file.addKey()
    if try await !masterKeys().contains(where: { $0.references > 0 && !$0.isRemovable }) {
      fault("nothing is said to be under the old key")
    }
    let early = ["HANSARD_MASTER_KEY_FILE": try file.makeFileWithoutOldKeys()]
    let command = try await Executable.run(
      ["keys", "rotate-master"], environment: scene.environment.merging(early) { $1 })
    if command.status == .exited(0) { fault("rotated without the old key") }
    let sealed = try await scene.deployment.startService(early, untilReady: false)
    let readiness = await sealed.probe("/readyz")
    if readiness?.status != 503 || readiness?.text.contains("sealed") != true {
      fault("ready without the old key: \(readiness?.text ?? "no answer")")
    }
    if await readers.readSome(sealed.client(scene.clients.first?.key)) != "sealed" {
      fault("read without the old key")
    }
    if try await sealed.stop() != .exited(0) { fault("the sealed service did not stop") }

    try await rotateAll(to: id)
    try file.removeOldKeys()
    try await scene.deployment.withService { service in
      try await readers.readAll(of: scene.deployment, service.client(scene.clients.first?.key))
    }
  }
}

// MARK: - Commands

extension KeyRotator {
  private struct MasterKey {
    var id: String
    var references: Int64
    var isRemovable: Bool
  }

  private func masterKeys() async throws -> [MasterKey] {
    try await untilDone(["status"]).elements.map { key in
      MasterKey(
        id: try key["master_key_id"]?.text() ?? "", references: key["tenant_keys"]?.integer() ?? -1,
        isRemovable: key["is_removable"]?.raw == "true")
    }
  }

  /// Runs `hansard keys …` until it has done all that it can; what it says then.
  private func untilDone(_ arguments: [String]) async throws -> JSONValue {
    var said: JSONValue?
    try await eventually(within: .seconds(120), "keys \(arguments) that ends well") {
      let outcome = try await Executable.run(
        ["keys"] + arguments + ["--json"], environment: scene.environment, within: patience())
      said = try judge(outcome, of: arguments)
      return said != nil
    }
    guard let said else { throw TestSupportError("keys \(arguments) says nothing") }
    return said
  }

  /// How long a run may take before it is killed: one of three hardly as long as it needs.
  private func patience() -> Duration {
    content.withLock { content in
      let isShort = content.generator.int(0..<3) == 0
      return isShort ? .milliseconds(content.generator.int(100..<1000)) : .seconds(60)
    }
  }

  /// What a run has said; nil where it has to be run again.
  private func judge(_ outcome: Executable.Outcome, of arguments: [String]) throws -> JSONValue? {
    if outcome.status == .signalled(SIGKILL) {
      content.withLock { $0.tally.killed += 1 }
      return nil
    }
    // A run that leaves something says so on standard error too, in no order.
    let lines = outcome.output.split(separator: "\n").map(String.init)
    guard let line = lines.first(where: { $0.hasPrefix("{") || $0.hasPrefix("[") }) else {
      if !Self.excuses.contains(where: outcome.output.contains) {
        fault("\(arguments): \(outcome.status) \(outcome.output)")
      }
      content.withLock { $0.tally.failed += 1 }
      return nil
    }
    let said = try JSONDocument(parsing: Array(line.utf8)).root
    content.withLock { $0.tally.rewrapped += said["rewrapped"]?.integer() ?? 0 }
    let unreadable = said["unreadable"]?.integer() ?? 0
    if unreadable > 0 { fault("\(arguments): \(line)") }
    // What is unreadable stays so; what is merely left is done by the next run.
    return outcome.status == .exited(0) || unreadable > 0 ? said : nil
  }

  /// What a command says while PostgreSQL is away, or goes away; its pool has one connection.
  private static let excuses = [
    "The database cannot", "The connection was lost while committing",
    "All connections to the database are in use",
  ]
}
