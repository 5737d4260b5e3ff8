// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A PromQL expression, read as far as to know what it asks for: metrics, labels and functions.
struct MetricQuery {
  /// One metric with the labels that it is chosen by.
  struct Selector: Equatable {
    var metric: String
    var labels: [String] = []
    /// Texts that routes are compared with, as regular expressions.
    var routes: [String] = []
  }

  private(set) var selectors: [Selector] = []
  /// What `by`, `on` and the like name.
  private(set) var groupings: Set<String> = []

  private var tokens: ArraySlice<Token>

  private enum Token: Equatable {
    case word(String)
    case text(String)
    case number(String)
    case sign(String)
  }

  private static let functions: Set<String> = [
    "rate", "increase", "sum", "max", "min", "avg", "count", "histogram_quantile", "min_over_time",
    "max_over_time", "clamp_min", "time",
  ]
  private static let operators: Set<String> = ["and", "or", "unless", "bool", "offset"]
  private static let groupers: Set<String> = [
    "by", "without", "on", "ignoring", "group_left", "group_right",
  ]

  /// Reads an expression; Grafana's variables stand for what they are there.
  init(_ text: String) throws {
    let plain = text.replacing("$__rate_interval", with: "5m").replacing("$job", with: ".*")
    tokens = try Self.tokens(of: plain)[...]
    try readExpression(until: nil)
  }

  private mutating func readExpression(until end: String?) throws {
    while let token = tokens.popFirst() {
      switch token {
      case .sign(let sign) where sign == end: return
      case .sign("("): try readExpression(until: ")")
      case .sign("["): try readRange()
      case .sign(let sign) where ["{", "}", ")", "]"].contains(sign):
        throw TestSupportError("'\(sign)' out of place")
      case .word(let word): try read(word)
      default: break
      }
    }
    if let end { throw TestSupportError("no '\(end)'") }
  }

  private mutating func read(_ word: String) throws {
    if Self.operators.contains(word) { return }
    if Self.groupers.contains(word) { return try readGrouping() }
    let isGrouped = ["by", "without"].contains { tokens.first == .word($0) }
    if tokens.first == .sign("(") || isGrouped {
      guard Self.functions.contains(word) else { throw TestSupportError("no function '\(word)'") }
      return
    }
    var selector = Selector(metric: word)
    if tokens.first == .sign("{") { try readMatchers(into: &selector) }
    selectors.append(selector)
  }

  private mutating func readGrouping() throws {
    guard tokens.popFirst() == .sign("(") else { throw TestSupportError("no list of labels") }
    while let token = tokens.popFirst() {
      if token == .sign(")") { return }
      if case .word(let label) = token { groupings.insert(label) }
    }
    throw TestSupportError("no end of the labels")
  }

  private mutating func readMatchers(into selector: inout Selector) throws {
    tokens.removeFirst()
    while let token = tokens.popFirst() {
      if token == .sign("}") { return }
      if token == .sign(",") { continue }
      guard case .word(let label) = token, case .sign(let sign)? = tokens.popFirst(),
        ["=", "!=", "=~", "!~"].contains(sign), case .text(let value)? = tokens.popFirst()
      else { throw TestSupportError("no matcher of a label") }
      selector.labels.append(label)
      if label == "route" { selector.routes.append(value) }
    }
    throw TestSupportError("no end of the matchers")
  }

  private mutating func readRange() throws {
    guard case .number(let length)? = tokens.popFirst(), length.last?.isLetter == true,
      tokens.popFirst() == .sign("]")
    else { throw TestSupportError("no range of time") }
  }

  // MARK: - Words

  private static func tokens(of text: String) throws -> [Token] {
    var rest = text[...]
    var tokens: [Token] = []
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
      } else if let match = rest.prefixMatch(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/) {
        tokens.append(.word(String(match.0)))
        rest = rest[match.range.upperBound...]
      } else if let match = rest.prefixMatch(of: /"([^"\\]*)"/) {
        tokens.append(.text(String(match.1)))
        rest = rest[match.range.upperBound...]
      } else if let match = rest.prefixMatch(of: /[0-9.]+[a-z]*/) {
        tokens.append(.number(String(match.0)))
        rest = rest[match.range.upperBound...]
      } else if let match = rest.prefixMatch(of: /=~|!~|[!=<>]=|[-+*\/%^<>=(){}\[\],]/) {
        tokens.append(.sign(String(match.0)))
        rest = rest[match.range.upperBound...]
      } else {
        throw TestSupportError("'\(first)' is not understood")
      }
    }
    return tokens
  }
}

/// What a running service exposes, by the names of metrics, with their labels.
struct ExposedMetrics {
  private(set) var labels: [String: Set<String>] = [:]

  /// Reads Prometheus' text format.
  init(_ text: String) {
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let name = line.prefix { $0 != "{" && $0 != " " }
      let names = line.matches(of: /([a-z_]+)="/).map { String($0.1) }
      labels[String(name), default: []].formUnion(names)
    }
    // What Prometheus adds to each, and makes itself.
    for name in labels.keys { labels[name]?.formUnion(["job", "instance"]) }
    labels["up"] = ["job", "instance"]
  }

  /// Adds what a rule records, by the labels that are left of what it is made of.
  mutating func record(_ name: String, as query: MetricQuery) {
    labels[name] = query.groupings.subtracting(["le"])
  }

  /// What `query` asks for and is not there; `routes` are those of the service.
  func problems(of query: MetricQuery, routes: [String]) throws -> [String] {
    var problems: [String] = []
    var all: Set<String> = []
    for selector in query.selectors {
      guard let known = labels[selector.metric] else {
        problems.append("no metric '\(selector.metric)'")
        continue
      }
      all.formUnion(known)
      for label in selector.labels where !known.contains(label) {
        problems.append("'\(selector.metric)' has no label '\(label)'")
      }
      for text in selector.routes {
        let pattern = try Regex(text)
        if !routes.contains(where: { $0.wholeMatch(of: pattern) != nil }) {
          problems.append("no route is '\(text)'")
        }
      }
    }
    let unknown = query.groupings.subtracting(all).sorted()
    return problems + unknown.map { "nothing has a label '\($0)'" }
  }

  /// The labels of what `query` answers.
  func answered(by query: MetricQuery) -> Set<String> {
    guard query.groupings.isEmpty else { return query.groupings.subtracting(["le"]) }
    return query.selectors.reduce(into: []) { $0.formUnion(labels[$1.metric] ?? []) }
  }
}
