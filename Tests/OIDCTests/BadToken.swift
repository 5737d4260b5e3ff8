// Hansard
// SPDX-License-Identifier: Apache-2.0

import Crypto
import TestSupport
import Testing

@testable import OIDC

/// A token that must be refused, and for what.
struct BadToken: Sendable, CustomTestStringConvertible {
  let about: String
  let refusal: TokenRefusal
  let make: @Sendable (Ground) throws -> String

  var testDescription: String { about }

  init(
    _ about: String, _ refusal: TokenRefusal, _ make: @escaping @Sendable (Ground) throws -> String
  ) {
    self.about = about
    self.refusal = refusal
    self.make = make
  }

  /// One with a claim that is wrong, signed as it should be.
  static func claim(_ name: String, _ json: String?, _ refusal: TokenRefusal) -> BadToken {
    BadToken("\(name): \(json ?? "missing")", refusal) {
      try $0.token().claim(name, json).text(by: try $0.key())
    }
  }

  /// One with a header that is wrong, signed as it should be.
  static func header(_ name: String, _ json: String?, _ refusal: TokenRefusal) -> BadToken {
    BadToken("\(name): \(json ?? "missing")", refusal) {
      try $0.token().header(name, json).text(by: try $0.key())
    }
  }

  static let all = forms + headers + signatures + times + meanings
}

// MARK: - Not a token

extension BadToken {
  private static let forms: [BadToken] = [
    BadToken("nothing", .malformed) { _ in "" },
    BadToken("dots alone", .malformed) { _ in ".." },
    BadToken("a thousand dots", .malformed) { _ in String(repeating: ".", count: 1000) },
    BadToken("two parts", .malformed) { try $0.token().signed },
    BadToken("a part behind the signature", .malformed) {
      try $0.token().text(by: try $0.key()) + ".e30"
    },
    BadToken("five parts, as encrypted ones have", .malformed) { _ in "e30.e30.e30.e30.e30" },
    BadToken("garbage", .malformed) { _ in "!!!.???.***" },
    BadToken("padding", .malformed) { try $0.token().text(by: try $0.key()) + "==" },
    BadToken("another text of the same signature", .malformed) {
      let text = try $0.token().text(by: try $0.key())
      // 64 bytes leave four bits of the last letter over.
      return "\(text.dropLast())\(text.hasSuffix("A") ? "B" : text.hasSuffix("Q") ? "R" : "h")"
    },
    BadToken("no signature", .malformed) { try $0.token().signed + "." },
    BadToken("a header that is no JSON", .malformed) { _ in
      TokenText.encode(Array("{".utf8)) + ".e30.AAAA"
    },
    BadToken("a header that is no object", .malformed) { _ in
      TokenText.encode(Array("[]".utf8)) + ".e30.AAAA"
    },
    BadToken("a header that is not UTF-8", .malformed) { _ in
      TokenText.encode([0x7B, 0xFF, 0x7D]) + ".e30.AAAA"
    },
    BadToken("a name twice in the header", .malformed) {
      var token = try $0.token()
      token.header.append((name: "alg", json: "\"none\""))
      return try token.text(by: try $0.key())
    },
    BadToken("a name twice among the claims", .malformed) {
      var token = try $0.token()
      token.claims.append((name: "sub", json: "\"bob\""))
      return try token.text(by: try $0.key())
    },
    BadToken("a name twice, once with an escape", .malformed) {
      var token = try $0.token()
      token.claims.append((name: "s\\u0075b", json: "\"bob\""))
      return try token.text(by: try $0.key())
    },
    BadToken("a byte too many", .malformed) { ground in
      let size = try ground.token().claim("pad", "\"\"").text(by: try ground.key()).utf8.count
      let pad = String(repeating: "p", count: (8193 - size) * 3 / 4 + 3)
      return try ground.token().claim("pad", "\"\(pad)\"").text(by: try ground.key())
    },
    BadToken("huge", .malformed) { _ in String(repeating: "e", count: 4 << 20) },
    BadToken("nested beyond reason", .malformed) {
      let nest = String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000)
      return try $0.token().claim("nest", nest).text(by: try $0.key())
    },
    BadToken("claims that are an array", .malformed) {
      let header = try $0.token().signed.prefix { $0 != "." }
      let signed = "\(header).\(TokenText.encode(Array("[]".utf8)))"
      return "\(signed).\(TokenText.encode(try $0.key().signature(of: Array(signed.utf8))))"
    },
  ]
}

// MARK: - Not a signature

extension BadToken {
  private static let headers: [BadToken] = [
    header("alg", nil, .algorithm), header("alg", "null", .algorithm),
    header("alg", "\"ES384\"", .algorithm), header("alg", "\"PS256\"", .algorithm),
    header("alg", "\"es256\"", .algorithm), header("alg", "[\"ES256\"]", .algorithm),
    header("kid", nil, .unnamedKey), header("kid", "\"\"", .unnamedKey),
    header("kid", "7", .unnamedKey),
    header("kid", "\"\(String(repeating: "k", count: 256))\"", .unnamedKey),
    header("kid", "\"another\"", .unknownKey), header("kid", "\"../../dev/null\"", .unknownKey),
    header("kid", "\"key-rs256\"", .unknownKey),
    header("typ", nil, .type), header("typ", "\"JWT\"", .type), header("typ", "1", .type),
    header("typ", "\"logout+jwt\"", .type), header("typ", "\"at+jwt \"", .type),
    // An accent makes it another type.
    header("typ", "\"at+jwt\u{0301}\"", .type),
    header("crit", "[\"exp\"]", .header), header("crit", "[]", .header),
    header("jku", "\"https://evil.example/keys\"", .header),
    header("x5u", "\"https://evil.example/chain\"", .header), header("x5c", "[]", .header),
    header("jwk", "null", .header), header("b64", "false", .header),
    header("zip", "\"DEF\"", .header), header("enc", "\"A128GCM\"", .header),
    BadToken("the attacker's key in the header", .header) {
      let own = try SigningKey(.es256, id: try $0.key().id)
      return try $0.token().header("jwk", own.jwk()).text(by: own)
    },
  ]

  private static let signatures = unsigned + SigningKey.Kind.allCases.flatMap(forged) + others

  private static let unsigned: [BadToken] =
    ["none", "None", "NONE", ""].map { name in
      BadToken("alg \"\(name)\" without a signature", .algorithm) {
        try $0.token().header("alg", "\"\(name)\"").signed + "."
      }
    }
    + ["none", "nOnE"].map { name in
      BadToken("alg \"\(name)\" with some signature", .algorithm) {
        try $0.token().header("alg", "\"\(name)\"").text(by: try $0.key())
      }
    }

  private static func forged(_ kind: SigningKey.Kind) -> [BadToken] {
    [
      BadToken("HS256 with the public \(kind) key as the secret", .algorithm) {
        let signed = try $0.token(kind).header("alg", "\"HS256\"").signed
        let secret = SymmetricKey(data: Array(try $0.key(kind).jwk().utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: secret)
        return "\(signed).\(TokenText.encode(Array(code)))"
      },
      BadToken("\(kind) by another key under the same name", .signature) {
        try $0.token(kind).text(by: try SigningKey(kind, id: "stranger"))
      },
      BadToken("\(kind) with a bit of the signature changed", .signature) {
        let signed = try $0.token(kind).signed
        var signature = try $0.key(kind).signature(of: Array(signed.utf8))
        signature[10] ^= 1
        return "\(signed).\(TokenText.encode(signature))"
      },
      BadToken("\(kind) with a signature that is cut", .signature) {
        let signed = try $0.token(kind).signed
        let signature = try $0.key(kind).signature(of: Array(signed.utf8)).dropLast()
        return "\(signed).\(TokenText.encode(Array(signature)))"
      },
      BadToken("\(kind) with a signature of zeros", .signature) {
        let signed = try $0.token(kind).signed
        let count = try $0.key(kind).signature(of: Array(signed.utf8)).count
        return "\(signed).\(TokenText.encode(.init(repeating: 0, count: count)))"
      },
      BadToken("\(kind) with the claims of another token", .signature) {
        let right = try $0.token(kind).text(by: try $0.key(kind)).split(separator: ".")
        let other = try $0.token(kind).claim("roles", "\"admin\"").signed.split(separator: ".")
        return "\(right[0]).\(other[1]).\(right[2])"
      },
    ]
  }

  private static let others = [
    BadToken("a signature in DER", .signature) {
      let signed = try $0.token().signed
      let raw = try $0.key().signature(of: Array(signed.utf8))
      let signature = try P256.Signing.ECDSASignature(rawRepresentation: raw)
      return "\(signed).\(TokenText.encode(Array(signature.derRepresentation)))"
    },
    BadToken("RS256 named, ES256 signed, under the key for RS256", .signature) {
      try $0.token(.rs256).text(by: try $0.key(.es256))
    },
  ]
}

// MARK: - Not for us, or not now

extension BadToken {
  private static let times: [BadToken] = [
    claim("exp", nil, .expired), claim("exp", "null", .malformed),
    claim("exp", "\"\(Ground.now + 600)\"", .malformed), claim("exp", "0", .expired),
    claim("exp", "-1e300", .expired), claim("exp", "1e400", .malformed),
    claim("exp", "\(Ground.now - 60)", .expired),
    claim("exp", "\(Ground.now + 3661)", .longLived), claim("exp", "1e300", .longLived),
    claim("nbf", "\(Ground.now + 61)", .notYetValid), claim("nbf", "1e300", .notYetValid),
    claim("nbf", "\"now\"", .malformed), claim("nbf", "true", .malformed),
    claim("iat", "\(Ground.now + 61)", .notYetValid), claim("iat", "[]", .malformed),
    claim("iat", "\(Ground.now - 3001)", .longLived),
  ]

  private static let meanings: [BadToken] = [
    claim("iss", nil, .issuer), claim("iss", "\"\(Ground.issuer)/\"", .issuer),
    claim("iss", "\"https://ID.example/realms/one\"", .issuer), claim("iss", "null", .issuer),
    claim("iss", "[\"\(Ground.issuer)\"]", .issuer),
    claim("aud", nil, .audience), claim("aud", "\"hansard2\"", .audience),
    claim("aud", "\"Hansard\"", .audience), claim("aud", "[]", .audience),
    claim("aud", "[\"other\",\"another\"]", .audience), claim("aud", "{\"hansard\":1}", .audience),
    claim("aud", "[\"hansard\",1]", .audience), claim("aud", "[[\"hansard\"]]", .audience),
    claim("tenant_id", nil, .tenant), claim("tenant_id", "\"acme\"", .tenant),
    claim("tenant_id", "\"\(Ground.tenant) \"", .tenant), claim("tenant_id", "7", .tenant),
    claim("tenant_id", "\"0190b0a47c3d7e559c110123456789ab\"", .tenant),
    claim("tenant_id", "[\"\(Ground.tenant)\"]", .tenant),
    claim("sub", nil, .user), claim("sub", "\"\"", .user), claim("sub", "7", .user),
    claim("sub", "\"a b\"", .user), claim("sub", "\"..\"", .user),
    claim("sub", "\"ali\\u0000ce\"", .user), claim("sub", "\"\u{E9}ve\"", .user),
    claim("sub", "\"\(String(repeating: "a", count: 256))\"", .user),
    claim("roles", nil, .role), claim("roles", "[]", .role), claim("roles", "\"\"", .role),
    claim("roles", "\"king\"", .role), claim("roles", "[\"king\",\"Admin\"]", .role),
    claim("roles", "\"admin reviewer\"", .role), claim("roles", "[\"admin\",1]", .role),
    claim("roles", "{\"admin\":true}", .role), claim("roles", "true", .role),
    // An accent makes it another word, also where it can be put together with the letter.
    claim("roles", "\"admin\u{0301}\"", .role),
  ]
}
