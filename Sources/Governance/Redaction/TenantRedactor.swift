// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// A redactor under one tenant's policy and key, for the domain's own kinds of text.
struct TenantRedactor: Sendable {
  /// The version of the policy; 0: the built-in rules.
  let policy: Int
  /// What the policy says, compiled.
  let rules: RedactionRules
  private let key: TenantKey
  private let redactor: Redactor

  init(policy: Int, rules: RedactionRules, key: TenantKey) {
    self.policy = policy
    self.rules = rules
    self.key = key
    redactor = Redactor(rules: rules, key: key)
  }

  /// The same tenant's under other rules.
  func with(_ rules: RedactionRules) -> TenantRedactor {
    TenantRedactor(policy: policy, rules: rules, key: key)
  }

  /// A JSON value.
  func redact(_ value: JSONValue) throws(DomainError) -> Redaction {
    do {
      return try redactor.redact(value)
    } catch {
      throw DomainError(sealing: error)
    }
  }

  /// A reason, summary or tag.
  func redact(_ text: String) throws(DomainError) -> String {
    let redaction = try redaction(of: text)
    return redaction.counts.isEmpty ? text : String(decoding: redaction.bytes, as: UTF8.self)
  }

  /// An event's type, which is one word: where anything in it is a secret, all of it is replaced. A
  /// marker is no type that a client could send.
  func redact(_ type: EventType) throws(DomainError) -> (type: String, counts: [Redaction.Count]) {
    let redaction = try redaction(of: type.rawValue)
    guard let family = redaction.counts.first?.family else { return (type.rawValue, []) }
    let marker: [UInt8]
    do {
      marker = try redactor.marker(of: type.rawValue, family)
    } catch {
      throw DomainError(sealing: error)
    }
    return (String(decoding: marker, as: UTF8.self), [.init(family: family, count: 1)])
  }

  /// A text and what was found in it.
  func redaction(of text: String) throws(DomainError) -> Redaction {
    do {
      return try redactor.redact(text: text)
    } catch {
      throw DomainError(sealing: error)
    }
  }
}

extension RedactionRules {
  /// Refuses ids and names that are secrets: they stay in clear, and to replace one would make it name
  /// another thing.
  func requireNoToken(in ids: [(pointer: String, id: String?)]) throws(DomainError) {
    for (pointer, id) in ids where id.map(findsToken) ?? false {
      throw .invalid(pointer, "secret_in_id", "It looks like a secret, which ids must not be.")
    }
  }
}
