// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection
import Testing

@testable import API

@Suite struct RedactionBodiesTests {
  private static let rule =
    #"{"name":"badge","position":"prefix","literal":"bdg_","characters":"digit","#
    + #""minimum_length":8,"maximum_length":12}"#

  @Test func readsAWholeDraft() throws {
    let draft = try RedactionBodies.draft(
      Array(#"{"switched_off":["email","jwt"],"rules":[\#(Self.rule)]}"#.utf8))
    #expect(draft.switchedOff == ["email", "jwt"])
    let expected = try CustomSecret(
      name: "badge", position: .prefix, literal: "bdg_", characters: .digit, length: 8...12)
    #expect(draft.rules == [expected])
  }

  @Test(arguments: ["{}", #"{"switched_off":null,"rules":null}"#, #"{"rules":[]}"#])
  func takesWhatIsAbsentForEmpty(_ body: String) throws {
    let draft = try RedactionBodies.draft(Array(body.utf8))
    #expect(draft.switchedOff == [] && draft.rules == [])
  }

  @Test(arguments: [
    ("[]", ProblemCode.wrongType, [""]), (#"{"off":[]}"#, .unknownField, ["/off"]),
    (#"{"switched_off":"email"}"#, .wrongType, ["/switched_off"]),
    (
      #"{"switched_off":[1,"email",""]}"#, .validationFailed,
      ["/switched_off/0", "/switched_off/2"]
    ),
    (#"{"rules":{}}"#, .wrongType, ["/rules"]), (#"{"rules":[7]}"#, .wrongType, ["/rules/0"]),
    (#"{"switched_off":["\#(String(repeating: "x", count: 37))"]}"#, .tooLong, ["/switched_off/0"]),
  ])
  func saysWhereADraftIsWrong(_ body: String, _ code: ProblemCode, _ places: [String]) {
    let found = refusal { () throws(Problem) in _ = try RedactionBodies.draft(Array(body.utf8)) }
    #expect(found?.code == code)
    #expect(found?.places == places)
  }

  /// A rule that is right but for one member: the member's new value, and what is wrong with it.
  @Test(arguments: [
    ("name", #""Badge""#, ProblemCode.badValue, "/name"),
    ("name", #""github_token""#, .badValue, "/name"),
    ("name", #""escaped_marker""#, .badValue, "/name"), ("name", "null", .missingField, "/name"),
    ("position", #""suffix""#, .badValue, "/position"), ("literal", #""b""#, .badValue, "/literal"),
    ("literal", #""b é""#, .badValue, "/literal"), ("literal", #""""#, .emptyValue, "/literal"),
    ("characters", #""letters""#, .badValue, "/characters"),
    ("minimum_length", "0", .badValue, "/minimum_length"),
    ("minimum_length", "1.5", .badValue, "/minimum_length"),
    ("minimum_length", #""8""#, .wrongType, "/minimum_length"),
    ("minimum_length", "13", .badValue, "/maximum_length"),
    ("minimum_length", "3", .badValue, "/minimum_length"),
    ("maximum_length", "4097", .badValue, "/maximum_length"),
    ("maximum_length", "99999999999999999999", .badValue, "/maximum_length"),
    ("pattern", #"".*""#, .unknownField, "/pattern"),
  ])
  func saysWhereARuleIsWrong(
    _ name: String, _ value: String, _ code: ProblemCode, _ place: String
  ) throws {
    var members = try JSONDocument(parsing: Array(Self.rule.utf8)).root.members
      .filter { $0.key != name }
      .map { #""\#($0.key)":\#(String(decoding: $0.value.rawBytes, as: UTF8.self))"# }
    members.append(#""\#(name)":\#(value)"#)
    let rule = "{\(members.joined(separator: ","))}"
    let found = refusal { () throws(Problem) in
      _ = try RedactionBodies.draft(Array(#"{"rules":[\#(Self.rule),\#(rule)]}"#.utf8))
    }
    #expect(found == Refusal(code: code, places: ["/rules/1" + place], words: [code.rawValue]))
    let tried = refusal { () throws(Problem) in
      _ = try RedactionBodies.attempt(
        Array(#"{"sample":1,"policy":{"rules":[\#(Self.rule),\#(rule)]}}"#.utf8))
    }
    #expect(tried?.places == ["/policy/rules/1" + place])
  }

  @Test func aRuleThatWouldHitOrdinaryTextIsRefused() {
    for (position, length) in [("prefix", 3), ("context", 11)] {
      let rule = Self.rule.replacing(#""prefix""#, with: #""\#(position)""#)
        .replacing(#""minimum_length":8"#, with: #""minimum_length":\#(length)"#)
      let found = refusal { () throws(Problem) in
        _ = try RedactionBodies.draft(Array(#"{"rules":[\#(rule)]}"#.utf8))
      }
      #expect(found?.places == ["/rules/0/minimum_length"], "\(position)")
    }
  }

  @Test func readsASampleWithAndWithoutAPolicy() throws {
    let plain = try RedactionBodies.attempt(Array(#"{"sample": [1.0] }"#.utf8))
    #expect(Array(plain.sample.rawBytes) == Array("[1.0]".utf8) && plain.draft == nil)
    let other = try RedactionBodies.attempt(
      Array(#"{"policy":{"rules":[\#(Self.rule)]},"sample":null}"#.utf8))
    #expect(other.sample.isNull && other.draft?.rules.count == 1)
    let none = refusal { () throws(Problem) in
      _ = try RedactionBodies.attempt(Array(#"{"policy":{}}"#.utf8))
    }
    #expect(none?.code == .missingField && none?.places == ["/sample"])
  }
}
