// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
package import Protection

extension [AutomaticRule] {
  /// The rules as they are stored, `[{maturity?, actions?, tags?, record}]`; nil for none.
  var stored: JSONText? {
    guard !isEmpty else { return nil }
    var writer = JSONWriter()
    writer.array { writer in
      for rule in self { rule.write(to: &writer) }
    }
    return JSONText(String(decoding: writer.bytes, as: UTF8.self))
  }

  /// Reads what `stored` makes, after PostgreSQL has rewritten it.
  init(stored text: String?) throws(DomainError) {
    self = []
    guard let text else { return }
    let rules: [AutomaticRule]?
    do throws(JSONError) {
      rules = try AutomaticRule.all(in: text)
    } catch {
      throw DomainError.unreadable
    }
    guard let rules else { throw DomainError.unreadable }
    self = rules
  }

  /// What the audit log has of them: all, where that is short.
  var words: String {
    guard let text = stored?.text else { return "none" }
    return text.utf8.count <= 2000 ? text : "\(count) rules"
  }
}

extension AutomaticRule {
  /// Writes the rule as it is shown and stored.
  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      let conditions = [
        ("maturity", maturities.map(\.rawValue)), ("actions", actions.map(\.rawValue)),
        ("tags", tags.map(\.rawValue)),
      ]
      for (name, entries) in conditions where !entries.isEmpty {
        writer.key(name)
        writer.array { writer in
          for entry in entries { writer.string(entry) }
        }
      }
      writer.key("record")
      writer.bool(records)
    }
  }

  /// The rules of a JSON array; nil where one is none.
  fileprivate static func all(in text: String) throws(JSONError) -> [AutomaticRule]? {
    var rules: [AutomaticRule] = []
    for value in try JSONDocument(parsing: Array(text.utf8)).root.elements {
      guard let rule = try AutomaticRule(value) else { return nil }
      rules.append(rule)
    }
    return rules
  }

  private init?(_ value: JSONValue) throws(JSONError) {
    guard let records = value["record"]?.bool() else { return nil }
    self.init(records: records)
    for text in try Self.texts(value["maturity"]) {
      guard let status = Agent.Status(rawValue: text) else { return nil }
      maturities.append(status)
    }
    for text in try Self.texts(value["actions"]) {
      guard let action = ActionPattern(text) else { return nil }
      actions.append(action)
    }
    for text in try Self.texts(value["tags"]) {
      guard let tag = Tag(text) else { return nil }
      tags.append(tag)
    }
  }

  private static func texts(_ value: JSONValue?) throws(JSONError) -> [String] {
    var texts: [String] = []
    guard let value else { return texts }
    for element in value.elements { texts.append(try element.text()) }
    return texts
  }
}
