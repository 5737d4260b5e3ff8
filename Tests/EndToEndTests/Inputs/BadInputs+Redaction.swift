// Hansard
// SPDX-License-Identifier: Apache-2.0

extension BadInputs {
  /// Secrets where ids belong, and bodies of the redaction routes.
  static let redaction: [BadInput] = ids + policies

  /// A token of a made-up account.
  private static let token = ["gh", "p_", "Q7", String(repeating: "k3Zr", count: 8), "9a"].joined()

  private static let ids: [BadInput] = [
    start("R009a", "agent_id"), start("R009b", "user_id"), start("R009c", "canvas_id"),
    start("R009d", "session_id"),
    BadInput("R009e", "a secret for an agent's id", .refused(422, "secret_in_id")) {
      RawRequest(
        "PUT", "/api/governance/agents/\(token)", key: $0.admin,
        body: Array(#"{"status":"student"}"#.utf8))
    },
    BadInput("R009f", "a secret to look for", .refused(422, "secret_in_id")) {
      $0.get("/api/governance/agents/\(token)")
    },
    .list("R009g", "a secret in a filter", "?session_id=\(token)", .refused(422, "secret_in_id")),
    .list("R009h", "a secret for a tag", "?tag=\(token)", .answered(200)),
    .list("R009i", "a secret for a parameter", "?\(token)=1", .refused(422, "unknown_parameter")),
    BadInput("R009j", "a secret for an agent that acts", .refused(422, "secret_in_id")) {
      $0.post(
        Paths.recordings + "/auto", #"{"agent_id":"\#(token)","user_id":"u","action":"x"}"#)
    },
  ]

  private static func start(_ id: String, _ field: String) -> BadInput {
    BadInput(id, "a secret for \(field)", .refused(422, "secret_in_id")) {
      let others = ["agent_id", "user_id"].filter { $0 != field }.map { #""\#($0)":"x","# }
      return $0.post(
        Paths.recordings + "/start", #"{\#(others.joined())"reason":"r","\#(field)":"\#(token)"}"#)
    }
  }

  private static let policies: [BadInput] = [
    policy("P001", "an array", "[]", .refused(422, "wrong_type")),
    policy("P002", "a member nobody knows", #"{"off":[]}"#, .refused(422, "unknown_field")),
    policy(
      "P003", "no such family", #"{"switched_off":["\#(canary)"]}"#, .refused(422, "bad_value")),
    policy("P004", "a regular expression", #"{"rules":[".*"]}"#, .refused(422, "wrong_type")),
    policy("P005", "an empty rule", #"{"rules":[{}]}"#, .refused(422, "missing_field")),
    policy("P006", "the name of a family", rule("jwt", "ab-", 8), .refused(422, "bad_value")),
    policy("P007", "a name that is no name", rule("; drop", "ab-", 8), .refused(422, "bad_value")),
    policy("P008", "a rule that hits words", rule("word", "ab", 3), .refused(422, "bad_value")),
    policy(
      "P009", "too many rules",
      #"{"rules":[\#(Array(repeating: "{}", count: 101).joined(separator: ","))]}"#,
      .refused(422, "validation_failed", "missing_field")),
    policy(
      "P010", "too long a body", #"{"switched_off":["\#(String(repeating: "x", count: 65_536))"]}"#,
      .refused(413, "body_too_large")),
    trial("P011", "no sample", "{}", .refused(422, "missing_field")),
    trial("P012", "no JSON", "{", .malformed),
    trial(
      "P013", "a policy that does not hold", #"{"sample":1,"policy":{"switched_off":["x"]}}"#,
      .refused(422, "bad_value")),
    trial("P014", "a sample", #"{"sample":"\#(canary)"}"#, .answered(200)),
    BadInput("P015", "another method", .refused(405, "method_not_allowed")) {
      RawRequest("DELETE", prefix, key: $0.admin)
    },
    BadInput("P016", "a member's policy", .refused(403, "forbidden"), isAudited: true) {
      RawRequest("PUT", prefix, key: $0.keys["member"] ?? "", body: Array("{}".utf8))
        .adding("If-Match", "\"redaction-0\"")
    },
    BadInput("P017", "a policy over nothing", .refused(428, "precondition_required")) {
      RawRequest("PUT", prefix, key: $0.admin, body: Array("{}".utf8))
    },
    BadInput("P018", "over another", .refused(412, "precondition_failed"), isAudited: true) {
      RawRequest("PUT", prefix, key: $0.admin, body: Array("{}".utf8))
        .adding("If-Match", "\"redaction-7\"")
    },
    BadInput("P019", "over no version", .refused(412, "precondition_failed"), isAudited: true) {
      RawRequest("PUT", prefix, key: $0.admin, body: Array("{}".utf8)).adding("If-Match", "*")
    },
  ]

  private static let prefix = "/api/governance/redaction"

  private static func rule(_ name: String, _ literal: String, _ length: Int) -> String {
    #"{"rules":[{"name":"\#(name)","position":"prefix","literal":"\#(literal)","#
      + #""characters":"alnum","minimum_length":\#(length),"maximum_length":20}]}"#
  }

  private static func policy(
    _ id: String, _ about: String, _ body: String, _ expected: BadInput.Expected
  ) -> BadInput {
    BadInput(id, about, expected) {
      RawRequest("PUT", prefix, key: $0.admin, body: Array(body.utf8))
        .adding("If-Match", "\"redaction-0\"")
    }
  }

  private static func trial(
    _ id: String, _ about: String, _ body: String, _ expected: BadInput.Expected
  ) -> BadInput {
    BadInput(id, about, expected) { $0.post("\(prefix)/try", body) }
  }
}
