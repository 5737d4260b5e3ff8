// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import Postgres
import Protection
import TestSupport
import Testing

/// The dashboards and alerting rules under `deploy/`, held against a running service and its database.
@Suite(.serialized, .exclusive)
struct MonitoringTests {
  /// What a service exposes that has been asked for things, and the templates of its routes.
  private static let ground = Task {
    () async throws -> (exposed: ExposedMetrics, routes: [String]) in
    let deployment = try await Deployment.shared()
    let key = try await deployment.makeTenant("monitoring").makeKey(.init("recorder"))
    return try await deployment.withService { service in
      let client = service.client(key.text)
      let id = try await client.startRecording()
      let event = #"{"event_type":"step","event_data":{"password":"hunter2hunter2"}}"#
      let appended = try await client.send(.post, Paths.recording(id, "event"), json: event)
      var text = ""
      // The retention worker begins within five seconds.
      try await eventually("a run of retention") {
        text = try await client.send(.get, "/metrics").text
        return text.contains("\nhansard_retention_last_run_timestamp_seconds ")
      }
      // What happened is counted, what did not is told all the same.
      for line in [
        "hansard_events_total 1", "hansard_redactions_total 1", "hansard_notices_total 1",
        "hansard_audit_denials_total 0",
      ] {
        guard text.contains("\n\(line)\n") else {
          throw TestSupportError("no \(line) after \(appended.status)\n\(text)")
        }
      }
      let routes = try await deployment.answer(["routes"]).elements.map { route in
        try route["path"]?.text() ?? ""
      }
      return (ExposedMetrics(text), routes)
    }
  }

  // MARK: - Form

  @Test func everyDashboardIsWellFormed() throws {
    let all = try Dashboard.all()
    #expect(all.map(\.name) == ["compliance.json", "recovery.json", "service.json"])
    #expect(Set(all.map(\.dashboard.uid)).count == all.count)
    for (name, dashboard) in all { #expect(dashboard.faults == [], "\(name)") }
    let sources = all.map(\.dashboard.sourceType)
    #expect(
      sources == ["grafana-postgresql-datasource", "grafana-postgresql-datasource", "prometheus"])
  }

  /// The planted defects.
  @Test func aFaultOfFormIsFound() throws {
    let (_, sound) = try #require(try Dashboard.all().first)
    let changes: [(inout Dashboard) -> Void] = [
      { $0.panels[2].id = $0.panels[1].id }, { $0.panels[1].gridPos.w = 25 },
      { $0.panels[2].gridPos.x = $0.panels[1].gridPos.x }, { $0.panels[1].targets = [] },
      { $0.panels[1].description = nil }, { $0.panels[1].datasource?.uid = "mine" },
      { $0.panels[1].targets?[0].datasource.type = "mysql" },
      { $0.panels[1].targets?[0].expr = "up" },
    ]
    for (index, change) in changes.enumerated() {
      var dashboard = sound
      change(&dashboard)
      #expect(!dashboard.faults.isEmpty, "\(index)")
    }
  }

  @Test func everythingElseIsYAMLThatFitsTogether() async throws {
    struct Sources: Decodable { var datasources: [Dashboard.Source] }
    struct Configuration: Decodable {
      var ruleFiles: [String]
      var scrapeConfigs: [Job]
      struct Job: Decodable { var jobName: String }
    }
    let deploy = try ProjectFiles.root() + "/deploy"
    let provisioning = "\(deploy)/grafana/provisioning"
    let sources = try JSONDecoder().decode(
      Sources.self, from: await YAML.read("\(provisioning)/datasources/hansard.yaml"))
    #expect(
      Set(sources.datasources.map(\.type)) == Set(try Dashboard.all().map(\.dashboard.sourceType)))
    _ = try await YAML.read("\(provisioning)/dashboards/hansard.yaml")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let configuration = try decoder.decode(
      Configuration.self, from: await YAML.read("\(deploy)/prometheus/prometheus.yml"))
    #expect(
      configuration.ruleFiles == [URL(fileURLWithPath: try AlertRules.file()).lastPathComponent])
    // The rules say so too.
    #expect(configuration.scrapeConfigs.map(\.jobName) == ["hansard"])
  }

  // MARK: - Prometheus

  @Test func everyMetricOfADashboardIsExposed() async throws {
    let (exposed, routes) = try await Self.ground.value
    for (name, dashboard) in try Dashboard.all() where dashboard.sourceType == "prometheus" {
      let queries = try dashboard.queries
      #expect(queries.count > 20)
      for query in queries {
        #expect(try exposed.problems(of: query, routes: routes) == [], "\(name)")
      }
      // Nothing that a service exposes is left out.
      let shown = Set(queries.flatMap(\.selectors).map(\.metric)).union(["up"])
      let hidden = exposed.labels.keys.filter { name in
        !["_bucket", "_sum", "_count"].contains(where: name.hasSuffix) && !shown.contains(name)
      }
      #expect(hidden.sorted() == [])
    }
  }

  @Test func everyMetricOfARuleIsExposed() async throws {
    let (exposed, routes) = try await Self.ground.value
    let rules = try await AlertRules.read(AlertRules.file())
    #expect(rules.rules.count > 20)
    #expect(try rules.problems(exposed, routes: routes) == [])
    let names = rules.rules.map { $0.record ?? $0.alert ?? "" }
    #expect(Set(names).count == names.count)
  }

  /// The planted defects: what does not exist under that name, and what is no expression at all.
  @Test(arguments: [
    ("hansard_events_total", "no metric"), ("hansard_event_total{job=~\"$job\"}", "no metric"),
    ("sum by (path) (rate(hansard_requests_total[5m]))", "label"),
    ("hansard_requests_total{code=\"500\"}", "label"),
    ("rate(hansard_request_duration_seconds_bucket{route=~\"/api/none\"}[5m])", "no route"),
    ("hansard:requests:rate6m", "no metric"),
    ("hansard_pool_waiters + hansard_pool_size", "no metric"),
  ])
  func aWrongNameIsFound(expression: String, problem: String) async throws {
    let (exposed, routes) = try await Self.ground.value
    let found = try exposed.problems(of: MetricQuery(expression), routes: routes)
    guard expression != "hansard_events_total" else { return #expect(found == []) }
    #expect(found.contains { $0.contains(problem) }, "\(found)")
  }

  @Test(arguments: [
    "rate(hansard_events_total[5m]", "rates(hansard_events_total[5m])", "hansard_events_total{",
    "hansard_events_total[]", "sum by job (hansard_events_total)", "hansard_events_total{job}",
    "rate(hansard_events_total[$interval])", "hansard_events_total)",
  ])
  func whatIsNoExpressionIsFound(expression: String) {
    #expect(throws: (any Error).self) { try MetricQuery(expression) }
  }

  @Test(arguments: [
    ("hansard_audit_denials_total[5m]", "hansard_audit_denial_total[5m]"),
    ("hansard:commit_duration_seconds:p95_5m >", "hansard:commit_seconds:p95_5m >"),
    ("severity: critical", "severity: loud"), ("$labels.instance", "$labels.pod"),
    ("groups:", "groups"),
  ])
  func aWrongRuleIsFound(text: String, wrong: String) async throws {
    let (exposed, routes) = try await Self.ground.value
    let folder = try TemporaryDirectory.make("rules")
    defer { TemporaryDirectory.remove(folder) }
    let rules = try String(contentsOfFile: AlertRules.file(), encoding: .utf8)
    #expect(rules.contains(text))
    try rules.replacing(text, with: wrong)
      .write(toFile: "\(folder)/rules.yml", atomically: true, encoding: .utf8)
    var problems = ["not read"]
    do {
      problems = try await AlertRules.read("\(folder)/rules.yml").problems(exposed, routes: routes)
    } catch {
      #expect(wrong == "groups", "\(error)")
    }
    #expect(!problems.isEmpty)
  }

  // MARK: - PostgreSQL

  /// Lends a session of a tenant's analyst.
  private func withAnalyst(_ body: (PostgresConnection) async throws -> Void) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("dashboards")
    let of = ["--tenant", tenant.id]
    let made = try await deployment.answer(["analyst", "create", "--name", "Grafana"] + of)
    let login = try #require(try made["login"]?.text())
    let connection = try await PostgresConnection.connect(
      PostgresConfiguration(
        conninfo: deployment.postgres.conninfo(user: login), connectTimeout: .seconds(30),
        exchangeDeadline: .seconds(30)))
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(connection))
    } catch {
      result = .failure(error)
    }
    await connection.close()
    try await deployment.run(["analyst", "drop", login] + of)
    try result.get()
  }

  /// What the database says against a statement; nil where it would answer it.
  private func objection(to sql: String, _ connection: PostgresConnection) async -> String? {
    do {
      _ = try await connection.execute(Query("explain \(sql)", prepared: false))
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func everyPanelCanBeAskedByAnAnalyst() async throws {
    try await withAnalyst { connection in
      for (name, dashboard) in try Dashboard.all() where dashboard.sourceType != "prometheus" {
        let statements = try dashboard.statements
        #expect(statements.count > 10)
        for sql in statements {
          let objection = await objection(to: sql, connection)
          #expect(objection == nil, "\(name): \(sql)")
        }
      }
    }
  }

  /// The planted defects: a wrong column, view, macro, and a table that analysts have no right to.
  @Test func aWrongStatementIsFound() async throws {
    try await withAnalyst { connection in
      for wrong in [
        "select r.agent from compliance.recordings as r", "select from compliance.recording",
        "select s.payload from hansard.recovery_attempts as s",
        "select from compliance.recordings as r where r.started_at between 'x' and 'y'",
      ] {
        let objection = await objection(to: wrong, connection)
        #expect(objection != nil, "\(wrong)")
      }
    }
    #expect(throws: (any Error).self) {
      try Dashboard.replaced("select $__timeFiler(r.started_at)")
    }
  }
}
