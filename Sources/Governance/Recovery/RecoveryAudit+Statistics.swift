// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension RecoveryAudit {
  /// How long the database may work on many attempts.
  static let longDeadline = Duration.seconds(60)
  /// How long it may add them up: somebody waits for the answer, and others for the connection.
  static let sumsDeadline = Duration.seconds(20)

  /// What attempts across sessions add up to, as far as the caller may see them.
  package func totals(
    of filter: RecoveryTotalsFilter, by grouping: RecoveryGrouping?, for caller: Caller
  ) async throws -> RecoveryTotals {
    let redactor = try await redactors.find(caller.tenant)
    try redactor.rules.requireNoToken(in: [("agent_id", filter.agent?.rawValue)])
    var filter = filter
    filter.strategy = try filter.strategy.map { try $0.redacted(by: redactor) }
    filter.errorType = try filter.errorType.map { try $0.redacted(by: redactor) }
    return try await turnstile.pass { [filter] in
      try await gate.perform(
        .totalRecoveries, by: caller, naming: AuditMention(agent: filter.agent)
      ) { transaction, note in
        let totals = try await Self.totals(of: filter, by: grouping, for: caller, in: transaction)
        note.amend { $0.details["attempts"] = "\(totals.all.attempts)" }
        return totals
      }
    }
  }

  private static func totals(
    of filter: RecoveryTotalsFilter, by grouping: RecoveryGrouping?, for caller: Caller,
    in transaction: PostgresTransaction
  ) async throws -> RecoveryTotals {
    let (tenant, scope) = (caller.tenant, RecoveryScope(of: caller.principal))
    let results = try await transaction.pipeline(
      [
        .totals(of: filter, scope, by: nil, tenant),
        .shares(of: filter, scope, .strategy, tenant),
        .shares(of: filter, scope, .errorType, tenant),
      ] + (grouping.map { [.totals(of: filter, scope, by: $0, tenant)] } ?? []),
      deadline: sumsDeadline)
    guard results.count >= 3 else { throw DomainError.unreadable }
    var all = try results[0].first.map { try RecoveryTotals.Group($0).statistics } ?? .init()
    all.strategies = try results[1].map { try .init($0) }
    all.errorTypes = try results[2].map { try .init($0) }
    let groups = try results.dropFirst(3).first?.map { try RecoveryTotals.Group($0) } ?? []
    return RecoveryTotals(
      all: all, grouping: grouping, groups: Array(groups.prefix(RecoveryTotals.maximumGroups)),
      isCut: groups.count > RecoveryTotals.maximumGroups)
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
      ], deadline: sumsDeadline)
    guard results.count == 3, let row = results[0].first else { throw DomainError.unreadable }
    var statistics = try RecoveryTotals.Group(row).statistics
    statistics.strategies = try results[1].map { try .init($0) }
    statistics.errorTypes = try results[2].map { try .init($0) }
    if statistics.fileCount > 0 {
      statistics.files = try await files(until: end, opener, in: transaction)
    }
    return statistics
  }

  /// The names of modified files, in order of the first attempt that modified them, as far as they are told.
  ///
  /// Only attempts are opened that modified a file before all others, by the digests in clear.
  private static func files(
    until end: Int64, _ opener: RecoveryOpener, in transaction: PostgresTransaction
  ) async throws -> [String] {
    let positions = try await transaction.execute(
      .firstModifications(
        of: opener.session, opener.tenant, until: end, limit: RecoveryStatistics.maximumFiles),
      deadline: sumsDeadline
    ).map { try $0.decode(0, as: Int64.self) }
    var names = FileNames()
    var rest = positions[...]
    while !rest.isEmpty, !names.isFull {
      let rows = try await transaction.execute(
        .attempts(of: opener.session, opener.tenant, at: Array(rest.prefix(pageOfFiles))))
      for row in rows { names.add(try opener.open(row).content.texts(.filesModified)) }
      rest = rest.dropFirst(pageOfFiles)
    }
    return names.inOrder
  }

  /// Attempts that are opened at once; each is a request's body at most.
  private static let pageOfFiles = 20
}

/// Different names of files, in the order in which they came, up to what is told.
private struct FileNames {
  private(set) var inOrder: [String] = []
  // By their bytes: Swift takes canonically equivalent texts for equal.
  private var seen: Set<[UInt8]> = []
  private var bytes = 0

  var isFull: Bool {
    inOrder.count >= RecoveryStatistics.maximumFiles
      || bytes >= RecoveryStatistics.maximumFileBytes
  }

  mutating func add(_ names: [String]) {
    for name in names where !isFull && seen.insert(Array(name.utf8)).inserted {
      inOrder.append(name)
      bytes += name.utf8.count
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
