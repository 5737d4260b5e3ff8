// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension RecoveryAudit {
  /// How long the database may work on many sessions.
  static let longDeadline = Duration.seconds(60)

  /// What attempts across sessions add up to, as far as the caller may see them.
  package func totals(
    of filter: RecoveryTotalsFilter, by grouping: RecoveryGrouping?, for caller: Caller
  ) async throws -> RecoveryTotals {
    let redactor = try await redactors.find(caller.tenant)
    try redactor.rules.requireNoToken(in: [("agent_id", filter.agent?.rawValue)])
    var filter = filter
    filter.strategy = try filter.strategy.map { try $0.redacted(by: redactor) }
    filter.errorType = try filter.errorType.map { try $0.redacted(by: redactor) }
    let scope = RecoveryScope(of: caller.principal)
    return try await gate.perform(
      .totalRecoveries, by: caller, naming: AuditMention(agent: filter.agent)
    ) { [filter] transaction, note in
      let tenant = caller.tenant
      let results = try await transaction.pipeline(
        [
          .totals(of: filter, scope, by: nil, tenant),
          .shares(of: filter, scope, .strategy, tenant),
          .shares(of: filter, scope, .errorType, tenant),
        ] + (grouping.map { [.totals(of: filter, scope, by: $0, tenant)] } ?? []),
        deadline: Self.longDeadline)
      guard results.count >= 3 else { throw DomainError.unreadable }
      var all = try results[0].first.map { try RecoveryTotals.Group($0).statistics } ?? .init()
      all.strategies = try results[1].map { try .init($0) }
      all.errorTypes = try results[2].map { try .init($0) }
      let groups = try results.dropFirst(3).first?.map { try RecoveryTotals.Group($0) } ?? []
      note.amend { [count = all.attempts] in $0.details["attempts"] = "\(count)" }
      return RecoveryTotals(
        all: all, grouping: grouping, groups: Array(groups.prefix(RecoveryTotals.maximumGroups)),
        isCut: groups.count > RecoveryTotals.maximumGroups)
    }
  }

  /// What a session adds up to. Of the attempts only those are opened that modified files.
  static func statistics(
    _ found: StoredRecovery, _ opener: RecoveryOpener, in transaction: PostgresTransaction
  ) async throws -> RecoveryStatistics {
    let (id, end) = (found.session.id, found.session.attemptCount)
    let results = try await transaction.pipeline(
      [
        .statistics(of: id, opener.tenant, until: end),
        .shares(of: id, opener.tenant, until: end, .strategy),
        .shares(of: id, opener.tenant, until: end, .errorType),
      ], deadline: longDeadline)
    guard results.count == 3, let row = results[0].first else { throw DomainError.unreadable }
    var statistics = try RecoveryTotals.Group(row).statistics
    statistics.strategies = try results[1].map { try .init($0) }
    statistics.errorTypes = try results[2].map { try .init($0) }
    if statistics.fileCount > 0 {
      statistics.files = try await files(until: end, opener, in: transaction)
    }
    return statistics
  }

  private static func files(
    until end: Int64, _ opener: RecoveryOpener, in transaction: PostgresTransaction
  ) async throws -> [String] {
    var names: [String] = []
    var place = RecoveryHistoryPlace.start
    while true {
      let page = try await transaction.execute(
        .attempts(
          of: opener.session, opener.tenant, after: place, until: end, limit: 200,
          onlyWithFiles: true)
      ).map { try opener.open($0) }
      guard let last = page.last else { return names.withoutRepeats }
      names = (names + page.flatMap { $0.content.texts(.filesModified) }).withoutRepeats
      place = RecoveryHistoryPlace(last)
    }
  }
}

extension RecoveryWord {
  /// The word that stands where this one was redacted when it was written.
  fileprivate func redacted(by redactor: TenantRedactor) throws -> RecoveryWord {
    RecoveryWord(verified: try redactor.redact(rawValue))
  }
}

extension RecoveryStatistics.Share {
  fileprivate init(_ row: Row) throws {
    self.init(word: try row.decode(0), count: try row.decode(1))
  }
}
