// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A dashboard of Grafana's, as far as the tests read it.
struct Dashboard: Decodable {
  struct Source: Decodable, Equatable {
    var type: String
    var uid: String
  }

  struct Target: Decodable {
    var refId: String
    var datasource: Source
    var rawSql: String?
    var expr: String?
  }

  struct Place: Decodable {
    var x: Int
    var y: Int
    var w: Int
    var h: Int

    func overlaps(_ other: Place) -> Bool {
      x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h
    }
  }

  struct Panel: Decodable {
    var id: Int
    var type: String
    var title: String
    var description: String?
    var datasource: Source?
    var gridPos: Place
    var targets: [Target]?
  }

  struct Variable: Decodable {
    struct Question: Decodable {
      var query: String
    }

    var name: String
    var type: String
    /// A type of data source, a statement, or the expression of a question.
    var query: String

    private enum CodingKeys: String, CodingKey {
      case name, type, query
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      name = try values.decode(String.self, forKey: .name)
      type = try values.decode(String.self, forKey: .type)
      do {
        query = try values.decode(String.self, forKey: .query)
      } catch {
        query = try values.decode(Question.self, forKey: .query).query
      }
    }
  }

  struct Variables: Decodable {
    var list: [Variable]
  }

  var uid: String
  var title: String
  var panels: [Panel]
  var templating: Variables

  static func folder() throws -> String {
    try ProjectFiles.root() + "/deploy/grafana/dashboards"
  }

  /// All of them, by the names of their files.
  static func all() throws -> [(name: String, dashboard: Dashboard)] {
    try FileManager.default.contentsOfDirectory(atPath: folder()).sorted().map { name in
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder())/\(name)"))
      return (name, try JSONDecoder().decode(Dashboard.self, from: data))
    }
  }

  /// The type of its data source.
  var sourceType: String? {
    templating.list.first { $0.name == "datasource" && $0.type == "datasource" }?.query
  }

  private var targets: [Target] { panels.flatMap { $0.targets ?? [] } }

  /// Everything that it asks of PostgreSQL, with Grafana's macros and variables replaced.
  var statements: [String] {
    get throws {
      let variables = templating.list.filter { $0.type == "query" }.map(\.query)
      return try (targets.compactMap(\.rawSql) + variables).map(Self.replaced)
    }
  }

  /// Everything that it asks of Prometheus.
  var queries: [MetricQuery] {
    get throws {
      let variables = try templating.list.filter { $0.type == "query" }.map { variable in
        guard let match = variable.query.wholeMatch(of: /label_values\((\w+), (\w+)\)/) else {
          throw TestSupportError("'\(variable.query)' is not understood")
        }
        return "sum by (\(match.2)) (\(match.1))"
      }
      return try (targets.compactMap(\.expr) + variables).map { try MetricQuery($0) }
    }
  }

  /// As Grafana does it for a month.
  static func replaced(_ sql: String) throws -> String {
    let (from, until) = ("'2026-10-01T00:00:00Z'", "'2026-11-01T00:00:00Z'")
    var text = sql.replacing(/\$__timeFilter\(([^()]+)\)/) {
      "\($0.1) BETWEEN \(from) AND \(until)"
    }
    text = text.replacing(/\$__timeGroupAlias\(([^(),]+), ?\$__interval\)/) {
      "floor(extract(epoch from \($0.1))/3600)*3600 AS \"time\""
    }
    text = text.replacing("${agent:sqlstring}", with: "'agent-1','agent-2'")
    guard !text.contains("$") else { throw TestSupportError("a macro is not known: \(text)") }
    return text
  }

  /// What is wrong with its form.
  var faults: [String] {
    var faults: [String] = []
    if Set(panels.map(\.id)).count != panels.count { faults.append("two panels have one id") }
    for (index, panel) in panels.enumerated() {
      let name = "'\(panel.title)'"
      if panel.gridPos.x + panel.gridPos.w > 24 { faults.append("\(name) is too wide") }
      if panels[..<index].contains(where: { $0.gridPos.overlaps(panel.gridPos) }) {
        faults.append("\(name) covers another")
      }
      guard panel.type != "row" else { continue }
      let targets = panel.targets ?? []
      if targets.isEmpty { faults.append("\(name) asks nothing") }
      if panel.description?.isEmpty ?? true { faults.append("\(name) does not say what it shows") }
      if Set(targets.map(\.refId)).count != targets.count {
        faults.append("\(name) has two targets of one name")
      }
      for source in targets.map(\.datasource) + [panel.datasource].compactMap(\.self) {
        if source != Source(type: sourceType ?? "", uid: "${datasource}") {
          faults.append("\(name) asks somewhere else")
        }
      }
      let asks = targets.allSatisfy { (sourceType == "prometheus") == ($0.expr != nil) }
      if !asks { faults.append("\(name) asks in another language") }
    }
    return faults
  }
}
