// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection
import TestSupport
import Testing

@testable import OIDC

@Suite struct IssuerKeySetTests {
  private func set(_ keys: [String]) async throws(KeySetError) -> IssuerKeySet {
    try await IssuerKeySet(parsing: Array("{\"keys\":[\(keys.joined(separator: ","))]}".utf8))
  }

  @Test func keepsWhatIsOfUseAndPassesOverTheRest() async throws {
    let ground = try await Ground.made.value
    let useful = try SigningKey.Kind.allCases.map { try ground.key($0).jwk() }
    #expect(try await set(useful).count == 3)
    #expect(try await set([]).count == 0)
    let useless = [
      "7", "null", "{}", #"{"kty":"oct","kid":"s","k":"c2VjcmV0"}"#, #"{"kty":"RSA","kid":"r"}"#,
      #"{"kty":"EC","crv":"P-384","kid":"e","x":"AA","y":"AA"}"#,
    ]
    #expect(try await set(useful + useless).count == 3)
  }

  private static let uses: [[String: String?]] = [
    ["kid": nil], ["kid": "\"\""], ["kid": "7"], ["use": "\"enc\""], ["use": "7"],
    ["key_ops": "[\"sign\"]"], ["key_ops": "\"verify\""], ["d": "\"AAAA\""],
    ["alg": "\"RS512\""], ["alg": "\"none\""], ["alg": "null"], ["kty": "\"oct\""], ["kty": nil],
  ]

  @Test(arguments: uses)
  func passesOverAKeyOfAnyKindWith(_ changes: [String: String?]) async throws {
    let ground = try await Ground.made.value
    for kind in SigningKey.Kind.allCases {
      #expect(try await set([ground.key(kind).jwk(changes)]).count == 0, "\(kind)")
    }
  }

  @Test(arguments: SigningKey.Kind.allCases)
  func takesAKeyThatSaysWhatItIsFor(_ kind: SigningKey.Kind) async throws {
    let ground = try await Ground.made.value
    let jwk = try ground.key(kind).jwk([
      "alg": "\"\(kind.rawValue)\"", "use": "\"sig\"", "key_ops": "[\"verify\"]", "x5t": "\"z\"",
    ])
    #expect(try await set([jwk]).count == 1)
  }

  private static let numbers: [(SigningKey.Kind, [String: String?])] = [
    (.rs256, ["n": "\"AQAB\""]), (.rs256, ["n": nil]), (.rs256, ["e": "\"AQ\""]),
    (.rs256, ["e": "\"Ag\""]), (.rs256, ["e": "\"AAAAAAE\""]), (.rs256, ["e": "\"\""]),
    (.rs256, ["n": "\"\(TokenText.encode(.init(repeating: 0xFF, count: 255)))\""]),
    (.rs256, ["n": "\"\(TokenText.encode(.init(repeating: 0xFF, count: 1025)))\""]),
    (.rs256, ["n": "\"\(TokenText.encode(.init(repeating: 0xFE, count: 256)))\""]),
    (.es256, ["x": "\"AAAA\""]), (.es256, ["y": nil]), (.es256, ["crv": "\"secp256k1\""]),
    // No point of the curve.
    (.es256, ["x": "\"\(TokenText.encode(.init(repeating: 1, count: 32)))\""]),
    (.es256, ["x": "\"\(TokenText.encode(.init(repeating: 0, count: 32)))\""]),
    (.edDSA, ["x": "\"AAAA\""]), (.edDSA, ["crv": "\"Ed448\""]), (.edDSA, ["x": "\"?\""]),
    (.edDSA, ["crv": "\"X25519\""]),
  ]

  @Test(arguments: numbers)
  func passesOverNumbersThatAreNoKey(
    _ kind: SigningKey.Kind, _ changes: [String: String?]
  ) async throws {
    let ground = try await Ground.made.value
    #expect(try await set([ground.key(kind).jwk(changes)]).count == 0)
  }

  @Test func twoUsefulKeysOfOneNameAreNoSet() async throws {
    let ground = try await Ground.made.value
    let (one, two) = (try ground.key(.es256), try SigningKey(.es256, id: "key-es256"))
    await #expect(throws: KeySetError.ambiguous) { try await set([one.jwk(), two.jwk()]) }
    // Of another algorithm it is another name.
    let other = try SigningKey(.edDSA, id: "key-es256")
    #expect(try await set([one.jwk(), other.jwk()]).count == 2)
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[}"#, #"{"keys":[],"keys":[]}"#, "\u{FEFF}{}",
    "{\"keys\":\(String(repeating: "[", count: 5000))",
  ])
  func whatIsNoSetIsRefused(_ text: String) async throws {
    await #expect(throws: KeySetError.malformed) {
      try await IssuerKeySet(parsing: Array(text.utf8))
    }
  }

  @Test func isBounded() async throws {
    let many = Array(repeating: "{}", count: 101)
    await #expect(throws: KeySetError.tooLarge) { try await set(many) }
    #expect(try await set(many.dropLast()).count == 0)
    let long = "{\"keys\":[]}" + String(repeating: " ", count: IssuerKeySet.maximumBytes)
    await #expect(throws: KeySetError.tooLarge) {
      try await IssuerKeySet(parsing: Array(long.utf8))
    }
  }
}

@Suite struct ClaimNameTests {
  private func value(_ name: String, _ json: String) throws -> String? {
    let claims = try JSONDocument(parsing: Array(json.utf8)).root
    return try #require(ClaimName(name)).find(in: claims).map {
      String(decoding: $0.rawBytes, as: UTF8.self)
    }
  }

  @Test func isANameOrAPointer() throws {
    let claims = #"{"a":{"b/c":{"~d":1}},"https://x.example/roles":2,"":{"":3}}"#
    #expect(try value("/a/b~1c/~0d", claims) == "1")
    #expect(try value("https://x.example/roles", claims) == "2")
    #expect(try value("//", claims) == "3")
    #expect(try value("/a/missing", claims) == nil)
    #expect(try value("a.b", claims) == nil)
    #expect(try value("/a/b~1c/~0d/more", claims) == nil)
  }

  @Test(arguments: ["", "a b", "/a~", "/a~2", "\u{E9}", String(repeating: "a", count: 256)])
  func refusesWhatIsNeither(_ text: String) {
    #expect(ClaimName(text) == nil)
  }
}

@Suite struct RoleMapTests {
  private func role(_ map: RoleMap, _ json: String, areWords: Bool = false) throws -> String? {
    let claim = try JSONDocument(parsing: Array(json.utf8)).root
    return map.role(of: claim, areWords: areWords)?.rawValue
  }

  @Test func theOneThatSeesMostCounts() throws {
    let every = ["recorder", "member", "reviewer", "auditor", "admin"]
    for count in 1...every.count {
      let values = every.prefix(count).reversed().map { "\"\($0)\"" }.joined(separator: ",")
      #expect(try role(.standard, "[\(values)]") == every[count - 1])
    }
  }

  @Test func valuesStandForRoles() throws {
    let map = try #require(RoleMap("Hansard Admins=admin,a=b=auditor,x=member,y=member"))
    #expect(try role(map, "\"Hansard Admins\"") == "admin")
    #expect(try role(map, "\"a=b\"") == "auditor")
    #expect(try role(map, "[\"y\",\"z\"]") == "member")
    // A role's own name means nothing then.
    #expect(try role(map, "\"admin\"") == nil)
  }

  @Test func scopesAreWords() throws {
    #expect(try role(.standard, "\"openid  admin\"", areWords: true) == "admin")
    #expect(try role(.standard, "\"openid\\tadmin\"", areWords: true) == nil)
    #expect(ClaimName("scope")?.isScope == true)
    #expect(ClaimName("/a/scope")?.isScope == false)
  }

  @Test(arguments: [
    "", "admin", "=admin", "a=king", "a=admin,", ",a=admin", "a=admin,a=member", "a=Admin",
    "a\n=admin", "a=admin ",
  ])
  func refusesWhatIsNoList(_ text: String) {
    #expect(RoleMap(text) == nil)
  }
}
