// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// The OpenAPI document of the checkout, as far as the tests read it.
struct Description: Sendable {
  /// What is said of one operation.
  struct Operation: Sendable, Equatable {
    var action: String?
    var roles: Set<String>
    var query: [String]
  }

  /// By method and path.
  var operations: [String: Operation]
  /// The actions that the audit log can be asked for.
  var actions: Set<String>

  /// Reads it.
  static func read() async throws -> Description {
    let read = try await Schemathesis.python(reader, [ProjectFiles.description()])
    var operations: [String: Operation] = [:]
    for found in read["operations"]?.elements.map(\.self) ?? [] {
      operations[try found["name"]?.text() ?? ""] = Operation(
        action: try found["action"].flatMap { $0.isNull ? nil : try $0.text() },
        roles: Set(try texts(found["roles"])), query: try texts(found["query"]))
    }
    return Description(operations: operations, actions: Set(try texts(read["actions"])))
  }

  private static func texts(_ value: JSONValue?) throws -> [String] {
    try value?.elements.map { try $0.text() } ?? []
  }

  private static let reader = """
    import json, sys, yaml
    document = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
    def resolved(thing):
        while "$ref" in thing:
            place = document
            for step in thing["$ref"].removeprefix("#/").split("/"):
                place = place[step]
            thing = place
        return thing
    operations = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            parameters = [resolved(parameter) for parameter in operation.get("parameters", [])]
            operations.append({
                "name": f"{method.upper()} {path}",
                "action": operation.get("x-audit-action"), "roles": operation.get("x-roles", []),
                "query": [parameter["name"] for parameter in parameters if parameter["in"] == "query"],
            })
    actions = document["components"]["schemas"]["AuditAction"]["enum"]
    print(json.dumps({"operations": operations, "actions": actions}))
    """

  /// A fault that can be planted in a copy of the document.
  enum Fault: String, CaseIterable {
    /// `livez` answers another status.
    case status
    /// `read_policy` answers another type of version.
    case type
    /// `read_agents` takes any text as `after`.
    case parameter
    /// `RateLimit` holds something else.
    case header
    /// A stream begins in another way.
    case event

    /// The operations that show it, and what schemathesis says of it.
    var operations: (ids: [String], finding: String) {
      switch self {
      case .status: (["livez"], "Undocumented status code")
      case .type: (["read_policy"], "Response violates schema")
      case .parameter: (["read_agents"], "Schema-valid request rejected")
      // The example of the one sets limits, which the other tells then.
      case .header:
        (["set_policy", "read_policy"], "Response header does not conform to the schema")
      case .event: (["watch_notices_as_stream"], "SSE event violates schema")
      }
    }
  }

  /// Writes a copy with `fault` in it.
  static func plant(_ fault: Fault, in copy: String) async throws {
    _ = try await Schemathesis.python(planter, [ProjectFiles.description(), fault.rawValue, copy])
  }

  private static let planter = """
    import sys, yaml
    source, fault, copy = sys.argv[1:]
    document = yaml.safe_load(open(source, encoding="utf-8"))
    components = document["components"]
    if fault == "status":
        answers = document["paths"]["/livez"]["get"]["responses"]
        answers["204"] = answers.pop("200")
    elif fault == "type":
        components["schemas"]["Policy"]["properties"]["version"] = {"type": "string"}
    elif fault == "parameter":
        components["parameters"]["AfterCallerID"]["schema"] = {"type": "string", "minLength": 1}
    elif fault == "header":
        components["headers"]["RateLimit"]["schema"] = {"type": "string", "pattern": "^none$"}
    elif fault == "event":
        components["schemas"]["LiveType"]["enum"].remove("ready")
    yaml.safe_dump(document, open(copy, "w", encoding="utf-8"), allow_unicode=True)
    print("null")
    """
}
