// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Testing

@testable import API

@Suite struct AgentBodyTests {
  private static func body(_ owners: String) -> [UInt8] {
    Array(#"{"status":"intern"\#(owners)}"#.utf8)
  }

  @Test(arguments: ["", #","owner_user_ids":null"#])
  func leavesTheOwnersWhereNoneAreGiven(_ owners: String) throws {
    #expect(try AgentBody(Self.body(owners)).owners == nil)
  }

  @Test func anEmptyListIsNobody() throws {
    #expect(try AgentBody(Self.body(#","owner_user_ids":[]"#)).owners == [])
    let two = try AgentBody(Self.body(#","owner_user_ids":["b","a"]"#))
    #expect(two.owners?.map(\.rawValue) == ["b", "a"])
    let sixteen = Array(repeating: #""a""#, count: 16).joined(separator: ",")
    #expect(try AgentBody(Self.body(#","owner_user_ids":[\#(sixteen)]"#)).owners?.count == 16)
  }

  @Test(arguments: [
    (#""ann""#, "", "wrong_type"), ("{}", "", "wrong_type"), ("[1]", "/0", "wrong_type"),
    (#"["a",null]"#, "/1", "wrong_type"), (#"["a",""]"#, "/1", "empty_value"),
    (#"["a b"]"#, "/0", "bad_id"), (#"["a\u0000"]"#, "/0", "nul_character"),
    ("[" + Array(repeating: #""a""#, count: 17).joined(separator: ",") + "]", "", "too_many"),
  ])
  func saysWhatIsNoListOfUsers(_ list: String, _ place: String, _ word: String) {
    let refused = refusal { () throws(Problem) in
      _ = try AgentBody(Self.body(#","owner_user_ids":\#(list)"#))
    }
    #expect(refused?.places == ["/owner_user_ids\(place)"] && refused?.words == [word])
  }
}
