// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The requests of one transaction: what to send, and how to read the answer.
struct AppendGroup: Sendable {
  let members: [PendingAppend]
  /// True when the group was sent before and the answer was lost: every event may be stored already.
  var isResent = false
  /// Indices into `members`, one list per tenant, in the order of the tenants' ids.
  private let byTenant: [(tenant: TenantID, members: [Int])]

  init(_ members: [PendingAppend]) {
    self.members = members
    // One order for all instances: two groups that lock rows of the same tenants must not meet
    // crosswise. Within a tenant the database does the same.
    byTenant = Dictionary(grouping: members.indices, by: { members[$0].request.tenant })
      .map { (tenant: $0.key, members: $0.value) }
      .sorted { $0.tenant.description < $1.tenant.description }
  }

  var eventCount: Int { members.reduce(0) { $0 + $1.request.events.count } }

  /// What was redacted in its events.
  var redactionCount: Int {
    members.reduce(0) { sum, member in
      member.request.events.reduce(sum) { $0 + $1.redactions.total }
    }
  }

  /// What goes between BEGIN and COMMIT: the tenants one after the other.
  var queries: [Query] {
    byTenant.flatMap { tenant, indices in
      [
        .setTenant(tenant),
        .appendEvents(indices.map { members[$0].request }, mayBeKnown: isResent),
      ]
    }
  }

  /// One answer per member, read from the results of `queries`.
  func answers(in results: [QueryResult]) throws -> [Result<[EventReceipt], DomainError>] {
    var answers = [Result<[EventReceipt], DomainError>](
      repeating: .failure(.unreadable), count: members.count)
    for (position, (_, indices)) in byTenant.enumerated() {
      guard results.count > 2 * position + 1 else { throw DomainError.unreadable }
      var rows = results[2 * position + 1].makeIterator()
      for index in indices {
        answers[index] = try answer(to: members[index].request, from: &rows)
      }
    }
    return answers
  }

  private func answer(
    to request: AppendRequest, from rows: inout QueryResult.Iterator
  ) throws -> Result<[EventReceipt], DomainError> {
    var receipts: [EventReceipt] = []
    var failure: DomainError?
    for (index, event) in request.events.enumerated() {
      guard let row = rows.next() else { throw DomainError.unreadable }
      let verdict = try row.decode(1, as: AppendVerdict.self)
      if let error = verdict.error(at: index) {
        failure = failure?.adding(error) ?? error
        continue
      }
      receipts.append(
        EventReceipt(
          recording: request.recording, event: event.id, seq: try row.decode(2),
          recordedAt: try row.decode(3), leafHash: try row.decode(4),
          isReplay: verdict == .known && event.isChosen))
    }
    return failure.map { .failure($0) } ?? .success(receipts)
  }
}

extension DomainError {
  fileprivate func adding(_ other: DomainError) -> DomainError {
    DomainError(code, message, violations: violations + other.violations)
  }
}
