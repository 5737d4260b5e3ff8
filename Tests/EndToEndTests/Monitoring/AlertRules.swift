// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport

/// Prometheus' rules, read by a YAML parser of their own.
struct AlertRules: Decodable {
  struct Rule: Decodable {
    var record: String?
    var alert: String?
    var expr: String
    var labels: [String: String]?
    var annotations: [String: String]?
  }

  struct Group: Decodable {
    var name: String
    var rules: [Rule]
  }

  var groups: [Group]

  static func file() throws -> String {
    try ProjectFiles.root() + "/deploy/prometheus/hansard.rules.yml"
  }

  /// Reads the rules at `path`.
  static func read(_ path: String) async throws -> AlertRules {
    try JSONDecoder().decode(AlertRules.self, from: await YAML.read(path))
  }

  var rules: [Rule] { groups.flatMap(\.rules) }

  /// What does not fit what a service exposes, by rule.
  func problems(_ exposed: ExposedMetrics, routes: [String]) throws -> [String] {
    var exposed = exposed
    var problems: [String] = []
    for rule in rules {
      let name = rule.record ?? rule.alert ?? "nameless"
      let query = try MetricQuery(rule.expr)
      problems += try exposed.problems(of: query, routes: routes).map { "\(name): \($0)" }
      if let record = rule.record {
        exposed.record(record, as: query)
      } else {
        problems += Self.faults(of: rule, exposed.answered(by: query)).map { "\(name): \($0)" }
      }
    }
    return problems
  }

  private static func faults(of alert: Rule, _ answered: Set<String>) -> [String] {
    var faults: [String] = []
    if !["warning", "critical"].contains(alert.labels?["severity"]) {
      faults.append("no severity")
    }
    for name in ["summary", "description"] {
      guard let text = alert.annotations?[name], !text.isEmpty else {
        faults.append("no \(name)")
        continue
      }
      for match in text.matches(of: /\$labels\.(\w+)/) where !answered.contains(String(match.1)) {
        faults.append("its \(name) names the label '\(match.1)', which it has not")
      }
    }
    return faults
  }
}
