// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

extension RecoveryRoutes {
  /// The routes that change nothing but the audit log.
  var reading: [Route] {
    let item = "\(Self.prefix)/{id}"
    return [
      Route(
        .get, Self.prefix, .listRecoveries,
        query: [
          "agent_id", "user_id", "started_after", "started_before", "cleared", "limit", "cursor",
        ], handler: list),
      Route(.get, item, .findRecovery, handler: find),
      Route(
        .get, "\(item)/history", .readRecoveryHistory, query: ["limit", "cursor"],
        handler: history),
      Route(.get, "\(item)/statistics", .readRecoveryStatistics, handler: statistics),
      Route(.get, "\(item)/report", .reportRecovery, isJSON: false, handler: report),
      Route(
        .get, "\(item)/export", .exportRecovery, query: ["format"], isJSON: false,
        handler: export),
      Route(
        .get, "/api/recovery/statistics", .totalRecoveries,
        query: [
          "agent_id", "strategy", "error_type", "started_after", "started_before", "group_by",
        ], handler: totals),
      Route(
        .get, "/api/recovery/alerts", .readRecoveryAlerts,
        query: ["alert_type", "raised_after", "raised_before", "limit", "cursor"],
        handler: alerts),
    ]
  }

  /// A page of sessions, newest first; tombstones where `cleared` is true.
  private func list(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    var filter = RecoveryFilter()
    filter.agent = query.read("agent_id", as: .callerID())
    filter.user = query.read("user_id", as: .callerID())
    (filter.startedAfter, filter.startedBefore) = query.between("started_after", "started_before")
    filter.isCleared = query.read("cleared", as: .truth) ?? false
    let limit = query.limit()
    let cursor = query.read("cursor", as: .cursor)
    try query.finish()
    let page = try await recovery.list(filter, limit: limit, cursor: cursor, by: caller)
    return Reply(fields: exchange.link(to: page.next)) { writer in
      writer.array { writer in
        for session in page.elements {
          writer.object { $0.members(of: session) }
        }
      }
    }
  }

  private func find(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let session = try await recovery.find(exchange.recoveryID(), by: caller)
    return Reply { writer in
      writer.object { $0.members(of: session) }
    }
  }

  /// A page of attempts in the order in which they happened.
  private func history(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recoveryID()
    var query = exchange.query
    let limit = query.limit()
    let cursor = query.read("cursor", as: .cursor)
    try query.finish()
    let page = try await recovery.history(of: id, limit: limit, cursor: cursor, by: caller)
    return Reply(fields: exchange.link(to: page.next)) { writer in
      writer.array { writer in
        for attempt in page.elements {
          writer.object { writer in
            writer.entryMembers(of: attempt)
            writer.furtherMembers(of: attempt)
          }
        }
      }
    }
  }

  private func statistics(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let (session, statistics) = try await recovery.statistics(
      of: exchange.recoveryID(), by: caller)
    return Reply { $0.statistics(statistics, of: session) }
  }

  /// JSON, or text to be read where that is what the client would rather have.
  private func report(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recoveryID()
    guard let form = RecoveryReportForm(accept: exchange.head.headerFields[values: .accept]) else {
      throw Problem(.notAcceptable, "A report is application/json or text/plain.")
    }
    let report = try await recovery.report(on: id, by: caller)
    return form.reply(with: report)
  }

  private func export(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recoveryID()
    var query = exchange.query
    let format = query.read("format", as: .word()) ?? RecoveryExportFormat.json
    try query.finish()
    return format.reply(with: RecoveryExport(reading: try await recovery.export(id, by: caller)))
  }

  /// What attempts across sessions add up to.
  private func totals(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    var filter = RecoveryTotalsFilter()
    filter.agent = query.read("agent_id", as: .callerID())
    filter.strategy = query.read(
      "strategy", as: .recoveryWord(maximumBytes: RecoveryWord.maximumStepBytes))
    filter.errorType = query.read(
      "error_type", as: .recoveryWord(maximumBytes: RecoveryWord.maximumErrorTypeBytes))
    (filter.startedAfter, filter.startedBefore) = query.between("started_after", "started_before")
    let grouping: RecoveryGrouping? = query.read("group_by", as: .word())
    try query.finish()
    let totals = try await recovery.totals(of: filter, by: grouping, for: caller)
    return Reply { $0.totals(totals) }
  }

  /// A page of the alerts that were raised, newest first.
  private func alerts(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    var query = exchange.query
    var filter = RecoveryAlertFilter()
    filter.kind = query.read("alert_type", as: .word())
    (filter.raisedAfter, filter.raisedBefore) = query.between("raised_after", "raised_before")
    let limit = query.limit()
    let cursor = query.read("cursor", as: .cursor)
    try query.finish()
    let page = try await recovery.alerts(filter, limit: limit, cursor: cursor, by: caller)
    return Reply(fields: exchange.link(to: page.next)) { writer in
      writer.array { writer in
        for alert in page.elements {
          writer.object { alert.writeMembers(to: &$0) }
        }
      }
    }
  }
}
