// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import TestSupport

/// How things stand when what should happen does not: for whoever has to find out why.
enum Situation {
  /// What clients were told, whether services are ready, the ends of their logs, and what PostgreSQL is at.
  static func text(
    _ journal: Journal, _ services: [Service], _ postgres: EmbeddedPostgres
  ) async -> String {
    var parts = [journal.summary]
    for service in services {
      let ready = await service.probe("/readyz")
      parts.append("service \(service.processID): \(ready?.status ?? 0) \(ready?.text ?? "")")
      parts += service.log.split(separator: "\n").suffix(12).map(String.init)
    }
    parts.append(await activity(of: postgres))
    return parts.joined(separator: "\n")
  }

  private static func activity(of postgres: EmbeddedPostgres) async -> String {
    do {
      return try await Psql(postgres: postgres, database: "postgres").run([
        "-c",
        """
        select pid, application_name, state, wait_event_type, wait_event,
          clock_timestamp() - state_change, left(query, 60)
        from pg_stat_activity where backend_type in ('client backend', 'walsender')
        """, "-c",
        "select application_name, state, sync_state, replay_lsn from pg_stat_replication",
      ])
    } catch {
      return "PostgreSQL: \(error)"
    }
  }
}

extension Journal {
  /// Waits for so many more acknowledgements, and says how things stand where it was in vain.
  func grows(
    by count: Int, _ what: String = "acknowledgements", among services: [Service],
    on postgres: EmbeddedPostgres
  ) async throws {
    let wanted = acknowledgedCount + count
    do {
      try await eventually(what) { acknowledgedCount >= wanted }
    } catch {
      throw TestSupportError("\(error)\n\(await Situation.text(self, services, postgres))")
    }
  }
}
