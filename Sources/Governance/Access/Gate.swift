// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The one way to any operation: decides, writes the audit entry and does the work in one
/// transaction.
///
/// An operation first loads its subject, inside the caller's tenant; the policy decides on the
/// subject's facts; the audit entry is committed with the work or not at all. A refusal changes
/// nothing and commits an entry of its own: whether the policy refused, or the thing asked for is
/// not there, or not in a state for it.
struct Gate: Sendable {
  let database: Database
  /// For the answers that are kept.
  let vault: KeyVault
  /// Tells of what is committed.
  let hub: LiveHub
  /// Whether everything is allowed; each audit entry says so then. Tenants stay apart all the same.
  let bypassesPolicy: Bool
  /// Nothing is done in a database that was restored to a time before erasures; nil: nobody looks.
  var erasures: ErasureGuard?

  /// A thing that an operation works on.
  struct Subject<Value: Sendable>: Sendable {
    let value: Value
    /// What the policy decides on.
    let facts: AccessFacts
    /// What the audit entry names.
    let mention: AuditMention
  }

  /// Performs `operation` for `caller`; a request that is to be done once, and was, throws
  /// `DoneBefore`.
  ///
  /// - Parameters:
  ///   - mention: What the audit entry names when the subject cannot be found.
  ///   - load: Finds the subject; a `notFound` it throws is audited as a refusal, and a `PurgedSubject` is
  ///     decided on and then refused.
  ///   - work: Does what was asked, after the decision, and may add to what the audit entry says.
  ///     What it returns is answered after the commit.
  /// - Throws: `DomainError`.
  func perform<Value: Sendable, Answer: Sendable>(
    _ operation: Operation, by caller: Caller, naming mention: AuditMention = AuditMention(),
    load: @escaping @Sendable (PostgresTransaction) async throws -> Subject<Value>,
    work: @escaping @Sendable (PostgresTransaction, Value, AuditNote) async throws -> Answer
  ) async throws -> Answer {
    try await erasures?.requireCurrent()
    do {
      let (answer, note) = try await database.transaction(of: caller.tenant) { transaction in
        if let key = caller.principal.key { transaction.enqueue(Self.requireLive(key)) }
        if let once = caller.once { try await requireFirst(once, of: caller, in: transaction) }
        let subject = try await load(transaction)
        try decide(operation, caller, subject.facts, subject.mention)
        let note = AuditNote(subject.mention)
        let answer = try await naming(note) { try await work(transaction, subject.value, note) }
        for query in note.notices.insertions(of: caller.tenant) { transaction.enqueue(query) }
        transaction.enqueue(entry(operation, caller, note.mention).insertion)
        if let once = caller.once {
          try await keep(
            answer, of: once, about: .init(of: operation, note.mention), by: caller, in: transaction
          )
        }
        return (answer, note)
      }
      if !note.notices.isEmpty {
        database.observer.observe(.noticesCommitted(count: note.notices.count))
      }
      if !note.notices.isEmpty || note.keysChanged {
        hub.wake(caller.tenant, keysChanged: note.keysChanged)
      }
      return answer
    } catch let refusal as Refusal {
      throw await audited(refusal, operation, caller)
    } catch let purged as PurgedSubject {
      throw await audited(refusal(of: purged, operation, caller), operation, caller)
    } catch let error as DomainError where error.isRefusal {
      throw await refused(operation, by: caller, naming: mention, answer: error)
    }
  }

  /// Performs an operation whose subject needs no looking up.
  func perform<Answer: Sendable>(
    _ operation: Operation, by caller: Caller, facts: AccessFacts = AccessFacts(),
    naming mention: AuditMention = AuditMention(),
    work: @escaping @Sendable (PostgresTransaction, AuditNote) async throws -> Answer
  ) async throws -> Answer {
    try await perform(
      operation, by: caller, naming: mention,
      load: { _ in Subject(value: (), facts: facts, mention: mention) },
      work: { transaction, _, note in try await work(transaction, note) })
  }

  /// Decides on an operation that writes no audit entry when it is allowed (appending: the events
  /// are their own record); a refusal is audited all the same.
  func admit(
    _ operation: Operation, by caller: Caller, facts: AccessFacts, naming mention: AuditMention
  ) async throws {
    try await erasures?.requireCurrent()
    do {
      try decide(operation, caller, facts, mention)
    } catch {
      throw await audited(error, operation, caller)
    }
  }

  /// Commits the audit entry of a refusal that was met outside of a gate's transaction.
  func refused(
    _ operation: Operation, by caller: Caller, naming mention: AuditMention, answer: DomainError
  ) async -> DomainError {
    await audited(
      Refusal(reason: answer.message, mention: mention, answer: answer), operation, caller)
  }

  private struct Refusal: Error {
    let reason: String
    let mention: AuditMention
    let answer: DomainError
  }

  private func decide(
    _ operation: Operation, _ caller: Caller, _ facts: AccessFacts, _ mention: AuditMention
  ) throws(Refusal) {
    guard !bypassesPolicy,
      case .refused(let reason) = Policy.decide(caller.principal, operation, on: facts)
    else { return }
    throw Refusal(reason: reason, mention: mention, answer: DomainError(.forbidden, reason))
  }

  /// Who could have had a thing that is gone is told so; others, that they may not.
  private func refusal(
    of purged: PurgedSubject, _ operation: Operation, _ caller: Caller
  ) -> Refusal {
    do {
      try decide(operation, caller, purged.facts, purged.mention)
    } catch {
      return error
    }
    let answer = DomainError.recordingPurged
    return Refusal(reason: answer.message, mention: purged.mention, answer: answer)
  }

  /// Lets a refusal that is met in the work name what the work has noted so far.
  private func naming<Answer>(
    _ note: AuditNote, _ work: () async throws -> Answer
  ) async throws -> Answer {
    do {
      return try await work()
    } catch let error as DomainError where error.isRefusal {
      throw Refusal(reason: error.message, mention: note.mention, answer: error)
    }
  }

  /// The answer to a refusal, once its entry is committed: where it cannot be, the caller is told
  /// that instead, so that no refusal goes by without a trace. A key that is not live any more
  /// learns nothing but that, and writes nothing.
  private func audited(
    _ refusal: Refusal, _ operation: Operation, _ caller: Caller
  ) async -> DomainError {
    let entry = entry(operation, caller, refusal.mention, refusal: refusal.reason)
    do {
      try await database.transaction(of: caller.tenant) { transaction in
        if let key = caller.principal.key { transaction.enqueue(Self.requireLive(key)) }
        transaction.enqueue(entry.insertion)
      }
      return refusal.answer
    } catch let error as DomainError {
      return error
    } catch {
      return DomainError(.internalError, "\(type(of: error))")
    }
  }

  private func entry(
    _ operation: Operation, _ caller: Caller, _ mention: AuditMention, refusal: String? = nil
  ) -> AuditEntry {
    var mention = mention
    if bypassesPolicy { mention.details["emergency_bypass"] = "true" }
    return AuditEntry(operation, by: caller, naming: mention, refusal: refusal)
  }

  private static func requireLive(_ key: KeyID) -> Query {
    Query("select hansard.require_live_key($1)", key.uuid)
  }
}
