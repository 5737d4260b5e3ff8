// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Testing

@testable import Governance

struct AutomaticRuleTests {
  private func pattern(_ text: String) throws -> AutomaticRule.ActionPattern {
    try #require(AutomaticRule.ActionPattern(text))
  }

  @Test(arguments: [
    ("send_mail", "send_mail", true), ("send_mail", "send_mail_now", false),
    ("send_mail", "send", false), ("send*", "send", true), ("send*", "send_mail", true),
    ("send*", "Send_mail", false), ("send*", "sen", false), ("*", "anything", true),
    // One Swift `String` and two: é composed, and e with its accent.
    ("caf\u{e9}", "cafe\u{301}", false), ("cafe*", "cafe\u{301}", true),
  ])
  func anActionFitsByItsBytes(_ text: String, _ action: String, _ fits: Bool) throws {
    #expect(try pattern(text).fits(try #require(Tag(action))) == fits)
  }

  @Test(arguments: ["", "a*b", "**", "*a", "a\u{0}", "a\n", String(repeating: "a", count: 65)])
  func whatIsNoPatternIsRefused(_ text: String) {
    #expect(AutomaticRule.ActionPattern(text) == nil)
  }

  /// Every combination of conditions that hold, do not hold, and are not there.
  @Test func allConditionsMustHold() throws {
    let (action, tag) = (try #require(Tag("act")), try #require(Tag("tag")))
    let maturities: [[Agent.Status]] = [[], [.intern, .student], [.intern]]
    let actions = [[], [try pattern("x"), try pattern("a*")], [try pattern("x")]]
    let tags = [[], [try #require(Tag("x")), tag], [try #require(Tag("x"))]]
    for m in 0..<3 {
      for a in 0..<3 {
        for t in 0..<3 {
          let rule = AutomaticRule(
            maturities: maturities[m], actions: actions[a], tags: tags[t], records: true)
          let fits = rule.fits(.student, action, [try #require(Tag("other")), tag])
          #expect(fits == ![m, a, t].contains(2), "\(m) \(a) \(t)")
        }
      }
    }
  }

  @Test func theFirstRuleThatFitsDecides() throws {
    let rules = AutomaticRules(
      version: 5,
      rules: [
        AutomaticRule(maturities: [.paused], records: false),
        AutomaticRule(actions: [try pattern("read*")], records: false),
        AutomaticRule(tags: [try #require(Tag("money"))], records: true),
        AutomaticRule(actions: [try pattern("readme")], records: true),
      ])
    func verdict(
      _ status: Agent.Status, _ action: String, _ tags: [String] = []
    ) throws -> AutomaticRules.Verdict {
      rules.decide(
        status, try #require(Tag(action)), try tags.map { try #require(Tag($0)) })
    }
    let second = try verdict(.autonomous, "readme", ["money"])
    #expect(!second.records && second.rule == "rule 2 of policy version 5")
    #expect(second.words == "By rule 2 of policy version 5 this is not recorded.")
    let third = try verdict(.student, "write", ["money"])
    #expect(third.records && third.words == "By rule 3 of policy version 5")
    #expect(try !verdict(.paused, "write", ["money"]).records)
    let none = try verdict(.autonomous, "write")
    #expect(none.records && none.rule == nil)
    #expect(none.words == "No rule of policy version 5 fits. The agent is autonomous")
    #expect(try verdict(.student, "write").words.hasSuffix("this one is student."))
  }

  @Test(arguments: Agent.Status.allCases)
  func withoutRulesAutonomousAgentsAreRecorded(_ status: Agent.Status) throws {
    let verdict = AutomaticRules(version: 0, rules: []).decide(
      status, try #require(Tag("act")), [])
    #expect(verdict.records == (status == .autonomous) && verdict.rule == nil)
  }

  @Test func whatIsStoredIsReadBack() throws {
    let rules = [
      AutomaticRule(records: true),
      AutomaticRule(
        maturities: Agent.Status.allCases, actions: [try pattern("\"é\\*")],
        tags: [try #require(Tag("a b"))], records: false),
    ]
    let text = try #require(rules.stored?.text)
    #expect(try [AutomaticRule](stored: text) == rules)
    #expect([AutomaticRule]().stored == nil)
    #expect(try [AutomaticRule](stored: nil) == [])
    for broken in ["{", "[{}]", #"[{"record":1}]"#, #"[{"record":true,"maturity":["x"]}]"#] {
      #expect(throws: DomainError.self) { try [AutomaticRule](stored: broken) }
    }
  }
}
