// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension Gate {
  /// Makes sure that a request is not done twice; to be called before it is done, in its transaction.
  ///
  /// - Throws: `DoneBefore` with the answer of the first time; `requestInProgress` while the first is
  ///   not over yet, on whatever instance; `eventMismatch` when its name was given to another request;
  ///   `recordingExpired` or `sessionCleared` when what the answer tells of was destroyed.
  func requireFirst(
    _ once: Once, of caller: Caller, in transaction: PostgresTransaction
  ) async throws {
    guard let key = caller.principal.key else { return }
    let results = try await transaction.pipeline([
      .lockRequest(once, of: key, caller.tenant), .keptAnswer(once, of: key, caller.tenant),
    ])
    guard results.count == 2, try results[0].first?.decode(0, as: Bool.self) ?? false else {
      throw DomainError(.requestInProgress, "A request of this Idempotency-Key is being handled.")
    }
    guard let row = results[1].first else { return }
    var column = row.reader()
    let (fingerprint, sealed) = (try column.next([UInt8].self), try column.next([UInt8].self))
    let isOfRecovery = try column.next(Bool.self)
    let tenantKey = try vault.tenantKey(try WrappedTenantKey(reading: &column), of: caller.tenant)
    guard try Self.fingerprint(of: once, tenantKey) == fingerprint else {
      throw DomainError(.eventMismatch, "This Idempotency-Key belongs to another request.")
    }
    if sealed.isEmpty { throw isOfRecovery ? DomainError.recoveryCleared : .recordingPurged }
    throw DoneBefore(answer: try Self.opened(sealed, tenantKey, once, key, caller.tenant))
  }

  /// Keeps the answer to a request, to be committed with what was done, for as long as what it tells of is there.
  func keep(
    _ result: any Sendable, of once: Once, about subject: KeptAnswer.Subject?, by caller: Caller,
    in transaction: PostgresTransaction
  ) async throws {
    guard let key = caller.principal.key else { return }
    guard let answer = once.answer(result) else {
      throw DomainError(.internalError, "an answer that is no answer to its request")
    }
    let row = try await vault.activeTenantKey(of: caller.tenant, in: transaction)
    let tenantKey = try vault.tenantKey(row, of: caller.tenant)
    let sealed: [UInt8]
    do {
      sealed = try tenantKey.seal(
        answer: answer.encoded, tenant: caller.tenant.uuid, apiKey: key.uuid, name: once.name)
    } catch {
      throw DomainError(sealing: error)
    }
    let fingerprint = try Self.fingerprint(of: once, tenantKey)
    transaction.enqueue(.trimAnswers)
    transaction.enqueue(
      .keepAnswer(
        sealed, tenantKey.id, to: once, about: subject, fingerprint, of: key, caller.tenant))
  }

  private static func fingerprint(
    of once: Once, _ tenantKey: TenantKey
  ) throws(DomainError) -> [UInt8] {
    do {
      return try tenantKey.requestFingerprint(of: once.request)
    } catch {
      throw DomainError(sealing: error)
    }
  }

  private static func opened(
    _ sealed: [UInt8], _ tenantKey: TenantKey, _ once: Once, _ key: KeyID, _ tenant: TenantID
  ) throws(DomainError) -> KeptAnswer {
    let bytes: [UInt8]
    do {
      bytes = try tenantKey.open(
        answer: sealed, tenant: tenant.uuid, apiKey: key.uuid, name: once.name)
    } catch {
      throw DomainError(sealing: error)
    }
    guard let answer = KeptAnswer(encoded: bytes) else { throw .unreadable }
    return answer
  }
}
