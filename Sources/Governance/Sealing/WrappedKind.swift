// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import Protection

/// What is wrapped or sealed under tenant keys.
enum WrappedKind: Sendable, CaseIterable {
  case recordingKeys
  case recoveryKeys
  case webhookSecrets
  case answers

  /// How many are wrapped anew in one transaction. Answers may be large.
  var batchSize: Int { self == .answers ? 50 : 500 }

  /// The same thing under another tenant key, opened again before it is trusted.
  ///
  /// - Throws: `integrityFailure` where it does not open.
  func rewrapped(
    _ thing: WrappedThing, from old: TenantKey, to new: TenantKey, _ tenant: TenantID
  ) throws(DomainError) -> [UInt8] {
    do {
      switch self {
      case .recordingKeys: return try dataKey(thing, from: old, to: new, tenant.uuid)
      case .recoveryKeys: return try recoveryKey(thing, from: old, to: new, tenant.uuid)
      case .webhookSecrets: return try webhookSecret(thing, from: old, to: new, tenant.uuid)
      case .answers: return try answer(thing, from: old, to: new, tenant.uuid)
      }
    } catch {
      throw DomainError(sealing: error)
    }
  }

  private func dataKey(
    _ thing: WrappedThing, from old: TenantKey, to new: TenantKey, _ tenant: UUID
  ) throws(EnvelopeError) -> [UInt8] {
    let key = try old.unwrapDataKey(
      thing.sealed, commitment: thing.commitment, tenant: tenant, recording: thing.subject)
    let fresh = try new.wrap(key, tenant: tenant, recording: thing.subject)
    _ = try new.unwrapDataKey(
      fresh, commitment: thing.commitment, tenant: tenant, recording: thing.subject)
    return fresh
  }

  private func recoveryKey(
    _ thing: WrappedThing, from old: TenantKey, to new: TenantKey, _ tenant: UUID
  ) throws(EnvelopeError) -> [UInt8] {
    let key = try old.unwrapDataKey(
      thing.sealed, commitment: thing.commitment, tenant: tenant, recoverySession: thing.subject)
    let fresh = try new.wrap(key, tenant: tenant, recoverySession: thing.subject)
    _ = try new.unwrapDataKey(
      fresh, commitment: thing.commitment, tenant: tenant, recoverySession: thing.subject)
    return fresh
  }

  private func webhookSecret(
    _ thing: WrappedThing, from old: TenantKey, to new: TenantKey, _ tenant: UUID
  ) throws(EnvelopeError) -> [UInt8] {
    let secret = try old.open(webhookSecret: thing.sealed, tenant: tenant, webhook: thing.subject)
    let fresh = try new.seal(webhookSecret: secret, tenant: tenant, webhook: thing.subject)
    _ = try new.open(webhookSecret: fresh, tenant: tenant, webhook: thing.subject)
    return fresh
  }

  private func answer(
    _ thing: WrappedThing, from old: TenantKey, to new: TenantKey, _ tenant: UUID
  ) throws(EnvelopeError) -> [UInt8] {
    // Emptied with what it told of.
    if thing.sealed.isEmpty { return [] }
    let answer = try old.open(
      answer: thing.sealed, tenant: tenant, apiKey: thing.subject, name: thing.commitment)
    let fresh = try new.seal(
      answer: answer, tenant: tenant, apiKey: thing.subject, name: thing.commitment)
    _ = try new.open(answer: fresh, tenant: tenant, apiKey: thing.subject, name: thing.commitment)
    return fresh
  }
}

/// A row of what is wrapped, with the tenant key that opens it.
struct WrappedThing: Sendable {
  /// What `WrappedKind.swap` finds it by.
  let name: String
  let sealed: [UInt8]
  /// Of a data key; of an answer the hash of its name; empty else.
  let commitment: [UInt8]
  /// The recording, session, webhook or API key that it is bound to.
  let subject: UUID
  let tenantKey: WrappedTenantKey

  /// Reads what `WrappedKind.underOthers` returns.
  init(_ row: Row) throws {
    var column = row.reader()
    name = try column.next()
    sealed = try column.next()
    commitment = try column.next()
    subject = try column.next()
    tenantKey = try WrappedTenantKey(reading: &column)
  }
}

/// What is to stand where something is still wrapped as it was read.
struct RewrapSwap: Sendable {
  let name: String
  let known: [UInt8]
  let fresh: [UInt8]
}
