// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What is redacted, compiled for matching: the families that are switched on, and a tenant's own.
///
/// Making one takes about a millisecond; keep it. Immutable, so any number of tasks may use it.
package struct RedactionRules: Sendable {
  /// Everything on and nothing added.
  package static let standard = RedactionRules(switchedOff: [], custom: [])

  /// What an anchor found in a text leads to.
  enum Target: Sendable {
    /// `rules[index]`.
    case rule(Int)
    /// Part of the name of something secret.
    case name
    case bearer
    case basic
    /// A command that takes secrets, as an index of `CommandSecret.commands`.
    case command(Int)
    /// An option of commands, as an index of `CommandSecret.options`.
    case option(Int)
    /// The port in a line of `.pgpass`.
    case passwordFile
    /// `identified by`.
    case identified
    /// A name and a password as arguments.
    case pair
    /// `-----BEGIN `.
    case privateKey
    /// `://`.
    case authority
    case at
    case plus
    /// The beginning of what looks like a marker of ours.
    case marker
  }

  /// A rule and whose it is; a class, so that following an anchor copies one reference.
  final class Rule: Sendable {
    let family: String
    let rule: SecretRule

    init(_ family: String, _ rule: SecretRule) {
      self.family = family
      self.rule = rule
    }
  }

  private let compiled: Compiled

  /// Shared by all copies, so that a copy costs one reference.
  private final class Compiled: Sendable {
    let automaton: AnchorAutomaton
    let targets: [(target: Target, length: Int)]
    let rules: [Rule]
    let switchedOff: Set<String>

    init(_ words: [(word: [UInt8], target: Target)], _ rules: [Rule], switchedOff: Set<String>) {
      automaton = AnchorAutomaton(words.map(\.word))
      targets = words.map { ($0.target, $0.word.count) }
      self.rules = rules
      self.switchedOff = switchedOff
    }
  }

  var automaton: AnchorAutomaton { compiled.automaton }
  /// What the automaton's words mean, and how long they are.
  var targets: [(target: Target, length: Int)] { compiled.targets }
  var rules: [Rule] { compiled.rules }

  /// Compiles rules.
  ///
  /// - Parameters:
  ///   - switchedOff: names of families that are not redacted; unknown ones are ignored.
  ///   - custom: a tenant's own rules, in addition.
  package init(switchedOff: Set<String>, custom: [CustomSecret]) {
    let families = SecretFamilies.tokens.filter { !switchedOff.contains($0.name) }
    let rules =
      families.flatMap { family in family.rules.map { Rule(family.name, $0) } }
      + custom.map { Rule($0.name, $0.rule) }
    var words: [(word: [UInt8], target: Target)] = rules.enumerated().map {
      ($1.rule.shape.anchor, .rule($0))
    }
    words += SensitiveName.triggers.map { (Array($0.utf8), .name) }
    words += Self.fixed.map { (Array($0.0.utf8), $0.1) }
    words += CommandSecret.commands.enumerated().map { (Array($1.utf8), .command($0)) }
    words += CommandSecret.options.enumerated().map { (Array(" \($1)".utf8), .option($0)) }
    words += CommandSecret.ports.map { (Array(":\($0):".utf8), .passwordFile) }
    compiled = Compiled(words, rules, switchedOff: switchedOff)
  }

  private static let fixed: [(String, Target)] = [
    ("bearer ", .bearer), ("basic ", .basic), ("identified ", .identified),
    ("auth=(", .pair), ("basicauth(", .pair),
    ("-----begin ", .privateKey), ("://", .authority), ("@", .at),
    ("+", .plus), (RedactionMarker.opening, .marker),
  ]

  /// Whether the family of this name is redacted.
  func isOn(_ family: String) -> Bool { !compiled.switchedOff.contains(family) }

  /// Whether a text holds a token of a known form: no personal data, nothing that only its name
  /// tells.
  package func findsToken(in text: String) -> Bool {
    var scan = TextScan(rules: self)
    scan.scan(Array(text.utf8).span)
    return scan.hits.contains { $0.rank == .token }
  }
}

extension RedactionRules {
  /// The names of all built-in families, by kind, each list in alphabetical order.
  package static let families: (tokens: [String], named: [String], personal: [String]) = (
    Set(SecretFamilies.tokens.map(\.name) + PrivateKeyBlock.families).sorted(),
    SensitiveName.Kind.allCases.map(\.rawValue).sorted(),
    PersonalData.allCases.map(\.rawValue).sorted()
  )
}
