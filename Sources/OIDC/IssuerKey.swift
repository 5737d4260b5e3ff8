// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import JWTKit
import Protection

/// A public key of an issuer, bound to the one algorithm that it is for.
struct IssuerKey: Sendable {
  let name: KeyName
  private let algorithm: any JWTAlgorithm

  /// Whether `signature` is one of this key's over `bytes`.
  func isSigner(of bytes: [UInt8], _ signature: [UInt8]) -> Bool {
    do {
      return try algorithm.verify(signature, signs: bytes)
    } catch {
      return false  // Not of the form that its algorithm's signatures have.
    }
  }

  /// Reads a key (RFC 7517, RFC 7518, RFC 8037); nil for one that is of no use here: of another kind or
  /// algorithm, not for signatures, without an id, too short, or with its private part.
  init?(_ jwk: JSONValue) async {
    guard let id = jwk["kid"]?.decodedBytes(), (1...TokenHeader.maximumKeyBytes).contains(id.count),
      jwk["d"] == nil, jwk["use"].map({ $0.isText("sig") }) ?? true, Self.mayVerify(jwk)
    else { return nil }
    guard let (algorithm, signer) = await Self.signer(jwk), signer.name == algorithm.rawValue,
      jwk["alg"].map({ $0.isText(algorithm.rawValue) }) ?? true
    else { return nil }
    name = KeyName(id: Array(id), algorithm: algorithm)
    self.algorithm = signer
  }

  private static func mayVerify(_ jwk: JSONValue) -> Bool {
    guard let operations = jwk["key_ops"] else { return true }
    return operations.elements.contains { $0.isText("verify") }
  }

  private static func signer(_ jwk: JSONValue) async -> (TokenAlgorithm, any JWTAlgorithm)? {
    do {
      if jwk["kty"].isText("RSA") { return try await rsa(jwk).map { (.rs256, $0) } }
      if jwk["kty"].isText("EC") { return try await p256(jwk).map { (.es256, $0) } }
      if jwk["kty"].isText("OKP") { return try await ed25519(jwk).map { (.edDSA, $0) } }
      return nil
    } catch {
      return nil  // Not a key: not a point of its curve, too few bits.
    }
  }

  /// 2048 to 8192 bits; larger ones would take long with each token.
  private static func rsa(_ jwk: JSONValue) async throws -> (any JWTAlgorithm)? {
    guard let (modulus, bytes) = octets(jwk["n"]), (256...1024).contains(bytes.count),
      let first = bytes.first, first != 0, let last = bytes.last, last & 1 == 1,
      let (exponent, small) = octets(jwk["e"]), (1...4).contains(small.count),
      let odd = small.last, odd & 1 == 1, small != [1]
    else { return nil }
    let key = try Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
    return try await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha256).getKey()
  }

  private static func p256(_ jwk: JSONValue) async throws -> (any JWTAlgorithm)? {
    guard jwk["crv"].isText("P-256"), let (x, first) = octets(jwk["x"]), first.count == 32,
      let (y, second) = octets(jwk["y"]), second.count == 32
    else { return nil }
    let key = try ES256PublicKey(parameters: (x: x, y: y))
    return try await JWTKeyCollection().add(ecdsa: key).getKey()
  }

  private static func ed25519(_ jwk: JSONValue) async throws -> (any JWTAlgorithm)? {
    guard jwk["crv"].isText("Ed25519"), let (x, bytes) = octets(jwk["x"]), bytes.count == 32 else {
      return nil
    }
    let key = try EdDSA.PublicKey(x: x, curve: .ed25519)
    return try await JWTKeyCollection().add(eddsa: key).getKey()
  }

  /// A member that is base64url, as text and as bytes.
  private static func octets(_ member: JSONValue?) -> (text: String, bytes: [UInt8])? {
    guard let text = member?.decodedBytes() else { return nil }
    let string = String(decoding: text, as: UTF8.self)
    return Base64URL.decode(string).map { (string, $0) }
  }
}
