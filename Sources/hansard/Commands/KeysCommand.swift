// Hansard
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Governance
import Postgres

/// `hansard keys …`
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Rotate the keys that everything is sealed under, or destroy those of a tenant.",
    discussion: """
      All of these may be run beside services, any number at once, and again after they broke off: they go on. \
      API keys are at "hansard key".
      """,
    subcommands: [
      ShowSealingKeys.self, RotateMasterKey.self, RotateTenantKey.self, ShredTenantKeys.self,
    ])
}

/// `hansard keys status`
struct ShowSealingKeys: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "List the master keys, or a tenant's keys, and how much is wrapped under each.",
    discussion: """
      A master key without tenant keys may be taken out of the key file, and not before. A tenant key that is \
      rotating goes by itself when nothing is wrapped under it any more.
      """)

  @Option(help: "List the keys of this tenant.", transform: CommandValue.tenantID)
  var tenant: TenantID?

  @Flag(help: "Answer in JSON.")
  var json = false

  func run() async throws {
    let items = try await OperatorSession.with { session -> [Listing.Fields] in
      guard let tenant else {
        return try await session.hansard.tenantKeys.masterKeys().map(\.fields)
      }
      _ = try await session.hansard.tenants.find(tenant)
      return try await session.hansard.tenantKeys.list(of: tenant).map(\.fields)
    }
    Listing.show(items, json: json)
  }
}

/// `hansard keys rotate-master`
struct RotateMasterKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate-master",
    abstract: "Wrap all tenant keys under the first master key of the key file.",
    discussion: """
      Put the new key on top of the file, and leave the others in it, before. Exit 1 when something is still \
      under another master key.
      """)

  @Flag(help: "Answer in JSON.")
  var json = false

  func run() async throws {
    let rotation = try await OperatorSession.with { session in
      try await session.hansard.tenantKeys.rotateMasterKey()
    }
    Listing.show(
      [
        ("master_key_id", .text(rotation.masterKey)), ("rewrapped", .number(rotation.rewrapped)),
        ("unreadable", .number(rotation.unreadable)), ("left", .number(rotation.left)),
      ], json: json)
    if rotation.left > 0 { throw CommandFailure(left: rotation.left, "tenant keys") }
  }
}

/// `hansard keys rotate-tenant`
struct RotateTenantKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate-tenant",
    abstract: "Make a new key for a tenant, wrap under it what is under the old one, destroy that.",
    discussion: """
      Where a rotation is not over, it goes on with it. Nothing that is recorded is sealed anew. Exit 1 when \
      something is still under the old key.
      """)

  @OptionGroup var options: OperatorOptions

  func run() async throws {
    let rotation = try await options.perform { hansard, caller in
      try await hansard.tenantKeys.rotate(by: caller)
    }
    Listing.show(
      [
        ("tenant_key_id", .text("\(rotation.tenantKey)".lowercased())),
        ("is_new", .flag(rotation.isNew)), ("rewrapped", .number(rotation.rewrapped)),
        ("unreadable", .number(rotation.unreadable)), ("removed_keys", .number(rotation.removed)),
        ("left", .number(rotation.left)),
      ], json: options.json)
    if rotation.left > 0 { throw CommandFailure(left: rotation.left, "keys and secrets") }
  }
}

/// `hansard keys shred`
struct ShredTenantKeys: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shred",
    abstract: "Destroy all keys of a tenant: what it has recorded can never be read again.",
    discussion: """
      Refused while any of its recordings is under a legal hold, or kept by its policy. Open recordings end. \
      Certificates of the recordings and tombstones of the recovery sessions stay, and the audit log. Copies of \
      the keys in backups are not destroyed by this: they last as long as the backups do.
      """)

  @Option(
    help: "Why; it stays in the audit log and in the certificates.", transform: CommandValue.reason)
  var reason: RecordingText

  @Option(
    help: "The tenant's id once more: there is no way back.", transform: CommandValue.tenantID)
  var confirm: TenantID

  @OptionGroup var options: OperatorOptions

  func validate() throws {
    guard try confirm == options.resolvedTenant() else {
      throw ValidationError("--confirm names another tenant: nothing is destroyed.")
    }
  }

  func run() async throws {
    let shredding = try await options.perform { hansard, caller in
      try await hansard.tenantKeys.shred(because: reason, by: caller)
    }
    Listing.show(
      [
        ("tenant_keys", .number(shredding.tenantKeys)),
        ("recordings", .number(shredding.recordings)),
        ("recovery_sessions", .number(shredding.recoverySessions)),
        ("webhooks", .number(shredding.webhooks)),
        ("certificates", .number(shredding.certificates)), ("left", .number(shredding.left)),
      ], json: options.json)
    if shredding.left > 0 {
      throw CommandFailure(
        "The keys are destroyed, but \(shredding.left) recordings could not be taken away.")
    }
  }
}

extension CommandFailure {
  fileprivate init(left: Int64, _ what: String) {
    self.init(
      "\(left) \(what) are still under another key: see \"hansard keys status\", and run it again.")
  }
}

extension MasterKeyStatus {
  fileprivate var fields: Listing.Fields {
    [
      ("master_key_id", .text(id)), ("state", .text(state.rawValue)),
      ("tenant_keys", .number(tenantKeys)), ("is_removable", .flag(isRemovable)),
    ]
  }
}

extension TenantKeyStatus {
  fileprivate var fields: Listing.Fields {
    [
      ("tenant_key_id", .text("\(id)".lowercased())), ("state", .text(state.rawValue)),
      ("master_key_id", .text(masterKey)), ("created_at", .text(createdAt.rfc3339)),
      ("recordings", .number(recordings)), ("recovery_sessions", .number(recoverySessions)),
      ("webhooks", .number(webhooks)), ("answers", .number(answers)),
      ("references", .number(references)),
    ]
  }
}
