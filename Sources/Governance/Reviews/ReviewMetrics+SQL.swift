// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

extension Query {
  /// One row: `ReviewMetrics.init(_:)` reads it.
  static func reviewMetrics(of agent: AgentID, days: Int, of tenant: TenantID) -> Query {
    Query(
      """
      with decided as (
        select e.review_status, e.overall_rating, e.identified_issues, e.positive_patterns
        from hansard.canvas_recordings as r
        join hansard.reviews as v
          on v.tenant_id = r.tenant_id
          and v.recording_id = r.recording_id
        join hansard.review_entries as e
          on e.tenant_id = v.tenant_id
          and e.review_id = v.review_id
        where r.tenant_id = $1
          and r.agent_id = $2
          and e.kind = 'decided'
          and e.occurred_at >= now() - make_interval(days => $3)
      ), issues as (
        select f.text, count(*) as hits
        from decided as d, unnest(d.identified_issues) as f (text)
        group by f.text
        order by count(*) desc, f.text
        limit 5
      ), strengths as (
        select f.text, count(*) as hits
        from decided as d, unnest(d.positive_patterns) as f (text)
        group by f.text
        order by count(*) desc, f.text
        limit 5
      )
      select
        (select count(*) from decided),
        (select avg((review_status = 'approved')::integer)::double precision from decided),
        (select avg(overall_rating)::double precision from decided),
        array(select text from issues order by hits desc, text),
        array(select hits from issues order by hits desc, text),
        array(select text from strengths order by hits desc, text),
        array(select hits from strengths order by hits desc, text)
      """, tenant.uuid, agent.rawValue, Int32(clamping: days))
  }
}

extension ReviewMetrics {
  init(_ row: Row, status: Agent.Status) throws {
    var column = row.reader()
    total = Int(try column.next(Int64.self))
    approvalRate = try column.next()
    averageRating = try column.next()
    commonIssues = try Self.findings(&column)
    strengths = try Self.findings(&column)
    self.status = status
  }

  private static func findings(_ column: inout RowReader) throws -> [Finding] {
    let texts = try column.next([String].self)
    let counts = try column.next([Int64].self)
    return zip(texts, counts).map { Finding(text: $0, count: Int($1)) }
  }
}
