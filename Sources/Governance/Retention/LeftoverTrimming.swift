// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension RetentionKind {
  /// Notices, answers to requests that have a name, and tickets of browsers: kept for days, hours and seconds.
  static func leftovers(_ database: Database) -> RetentionKind {
    let trimming = LeftoverTrimming(database: database)
    return RetentionKind(due: trimming.due, purge: trimming.purge)
  }
}

/// The deleting of what is of use for a while only. The requests that make it trim a little too, so that what is
/// left here is that of tenants that have gone quiet.
struct LeftoverTrimming: Sendable {
  /// Of each, in one transaction.
  static let most = 1000

  private static let deadline = Duration.seconds(30)

  let database: Database

  func due(after: TenantID?, upTo: TenantID?, most: Int) async throws -> [TenantID] {
    try await database.tenants(
      .dueTrims(after: after, upTo: upTo, most: most), deadline: Self.deadline)
  }

  func purge(_ tenant: TenantID) async throws -> RetentionPiece {
    let count = try await database.transaction(of: tenant) { transaction in
      transaction.enqueue(.actAsRetention)
      let rows = try await transaction.execute(
        .trimLeftovers(most: Self.most), deadline: Self.deadline)
      guard let row = rows.first else { throw DomainError.unreadable }
      return try row.decode(0, as: Int64.self)
    }
    return RetentionPiece(
      tally: RetentionTally(leftovers: count), mayHaveMore: count >= Self.most)
  }
}
