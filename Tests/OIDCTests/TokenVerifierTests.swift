// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import JWTKit
import Protection
import TestSupport
import Testing

@testable import OIDC

@Suite struct TokenVerifierTests {
  @Test(arguments: SigningKey.Kind.allCases)
  func takesATokenOfEachAlgorithm(_ kind: SigningKey.Kind) async throws {
    let ground = try await Ground.made.value
    let text = try ground.token(kind).text(by: try ground.key(kind))
    let identity = try #require(try await ground.verifier().identity(of: text))
    #expect(identity.issuer == Ground.issuer)
    #expect(identity.tenant.description == Ground.tenant)
    #expect(identity.user.rawValue == "alice")
    #expect(identity.role == .reviewer)
  }

  @Test(arguments: BadToken.all)
  func refuses(_ bad: BadToken) async throws {
    let ground = try await Ground.made.value
    let text = try bad.make(ground)
    let refusal = try await ground.refusal(of: text)
    #expect(refusal == bad.refusal)
    // What leaves the verifier does not say why.
    #expect(try await ground.verifier().identity(of: text) == nil)
  }

  @Test func countsWhatItRefuses() async throws {
    let ground = try await Ground.made.value
    let metrics = Metrics()
    let verifier = try await ground.verifier(observer: .quiet(metrics))
    _ = await verifier.identity(of: try ground.token().text(by: try ground.key()))
    #expect(metrics.text().contains("hansard_tokens_refused_total 0\n"))
    _ = await verifier.identity(of: "a.b.c")
    #expect(metrics.text().contains("hansard_tokens_refused_total 1\n"))
  }

  @Test(arguments: [
    ("exp", "\(Ground.now - 59)"), ("exp", "\(Ground.now + 0).5"), ("exp", "1.8000006e9"),
    ("nbf", "\(Ground.now + 60)"), ("nbf", "0"), ("iat", nil), ("iat", "\(Ground.now - 3000)"),
    ("iat", "\(Ground.now + 60)"), ("aud", "[\"other\",\"hansard\"]"),
    ("aud", "[\"hansard\"]"), ("tenant_id", "\"\(Ground.tenant.uppercased())\""),
    ("roles", "\"reviewer\""), ("roles", "[\"nobody\",\"reviewer\",\"\"]"),
    ("roles", "[\"member\",\"reviewer\",\"recorder\"]"), ("sub", "\"\\u0061lice\""),
    ("nonce", "[{},null,1e5]"),
  ])
  func takesWhatIsJustRight(_ name: String, _ json: String?) async throws {
    let ground = try await Ground.made.value
    let text = try ground.token().claim(name, json).text(by: try ground.key())
    #expect(try await ground.refusal(of: text) == nil)
    #expect(try await ground.verifier().identity(of: text)?.role == .reviewer)
  }

  @Test func anHourIsTheMost() async throws {
    let ground = try await Ground.made.value
    let text = try ground.token().claim("iat", "\(Ground.now)")
      .claim("exp", "\(Ground.now + 3600)").text(by: try ground.key())
    #expect(try await ground.refusal(of: text) == nil)
    let fast = try ground.token().claim("iat", "\(Ground.now + 60)")
      .claim("exp", "\(Ground.now + 3660)").text(by: try ground.key())
    #expect(try await ground.refusal(of: fast) == nil)
  }

  @Test(arguments: [900, 3600, 86_400])
  func theMostIsWhatIsConfigured(_ most: Int) async throws {
    let ground = try await Ground.made.value
    var settings = try Ground.settings()
    settings.maximumLifetime = most
    for (lifetime, refusal) in [(most, nil), (most + 1, TokenRefusal.longLived)] {
      let text = try ground.token().claim("iat", "\(Ground.now)")
        .claim("exp", "\(Ground.now + lifetime)").text(by: try ground.key())
      #expect(try await ground.refusal(of: text, by: settings) == refusal, "\(lifetime)")
      let issuedBefore = try ground.token().claim("iat", nil)
        .claim("exp", "\(Ground.now + lifetime + 60)").text(by: try ground.key())
      #expect(try await ground.refusal(of: issuedBefore, by: settings) == refusal)
    }
  }

  @Test(arguments: ["\"AT+JWT\"", "\"application/at+jwt\"", "\"Application/At+Jwt\""])
  func takesTheTypeInEachOfItsForms(_ type: String) async throws {
    let ground = try await Ground.made.value
    let text = try ground.token().header("typ", type).text(by: try ground.key())
    #expect(try await ground.refusal(of: text) == nil)
  }

  @Test func takesAPlainJWTOnlyWhereThatIsAsked() async throws {
    let ground = try await Ground.made.value
    var settings = try Ground.settings()
    settings.acceptsPlainJWT = true
    let types: [(String?, TokenRefusal?)] = [
      (nil, nil), ("\"JWT\"", nil), ("\"jwt\"", nil), ("\"at+jwt\"", nil),
      ("\"logout+jwt\"", .type), ("null", .type),
    ]
    for (type, refusal) in types {
      let text = try ground.token().header("typ", type).text(by: try ground.key())
      #expect(try await ground.refusal(of: text, by: settings) == refusal, "\(type ?? "none")")
    }
  }

  @Test func passesOverHeadersThatMeanNothing() async throws {
    let ground = try await Ground.made.value
    let text = try ground.token().header("x5t", "\"abc\"").header("cty", "\"x\"")
      .text(by: try ground.key())
    #expect(try await ground.refusal(of: text) == nil)
  }

  @Test func takesATokenOfTheLastSizeThatFits() async throws {
    let ground = try await Ground.made.value
    for pad in (5200..<5900).reversed() {
      let claim = "\"\(String(repeating: "p", count: pad))\""
      let text = try ground.token().claim("pad", claim).text(by: try ground.key())
      guard text.utf8.count <= 8192 else { continue }
      #expect(text.utf8.count > 8180)
      #expect(try await ground.refusal(of: text) == nil)
      return
    }
    Issue.record("no size fits")
  }
}

/// The library has a signer for tokens without a signature. It must never be at work here.
@Suite struct UnsecuredTokenTests {
  private struct Payload: JWTPayload {
    func verify(using algorithm: some JWTAlgorithm) async throws {}
  }

  @Test func theLibraryWouldTakeWhatWeRefuse() async throws {
    let ground = try await Ground.made.value
    let signed = try ground.token().header("alg", "\"none\"").signed
    let unsecured = JWTKeyCollection()
    await unsecured.addUnsecuredNone()
    _ = try await unsecured.verify("\(signed).", as: Payload.self)
    for text in ["\(signed).", "\(signed).AAAA", "\(signed)"] {
      #expect(try await ground.refusal(of: text) != nil)
    }
  }

  @Test func noSourceNamesIt() throws {
    let root = try ProjectFiles.root() + "/Sources"
    let files = try SourceFiles.all(below: root)
    let found = try files.filter { try SourceFiles.text($0).contains("JWTKit") }
    #expect(!found.isEmpty)
    for file in found {
      let text = try SourceFiles.text(file).lowercased()
      for word in ["unsecured", "hmac:", "hmacsigner", ".unverified("] {
        #expect(!text.contains(word), "\(file): \(word)")
      }
    }
  }
}
