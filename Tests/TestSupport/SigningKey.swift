// Hansard
// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import Foundation

/// A key that tests sign tokens with, as an issuer would.
package struct SigningKey: Sendable {
  /// The algorithms, by their names in a token's header.
  package enum Kind: String, Sendable, CaseIterable {
    case edDSA = "EdDSA"
    case es256 = "ES256"
    case rs256 = "RS256"
  }

  package let kind: Kind
  /// What the issuer calls it.
  package let id: String
  /// The members of its public JWK but `kid`, in JSON.
  package let parameters: [(name: String, json: String)]
  private let signing: @Sendable ([UInt8]) throws -> [UInt8]

  /// Makes a new key.
  package init(_ kind: Kind, id: String) throws {
    self.kind = kind
    self.id = id
    switch kind {
    case .edDSA: (parameters, signing) = Self.ed25519()
    case .es256: (parameters, signing) = Self.p256()
    case .rs256: (parameters, signing) = try Self.rsa()
    }
  }

  /// Its public JWK, with some members in the place of others; nil takes one away.
  package func jwk(_ changes: [String: String?] = [:]) -> String {
    var members = [(name: "kid", json: "\"\(id)\"")] + parameters
    for (name, json) in changes.sorted(by: { $0.key < $1.key }) {
      members.removeAll { $0.name == name }
      if let json { members.append((name, json)) }
    }
    return "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
  }

  /// The signature of `bytes`, in the form that tokens have it in.
  package func signature(of bytes: [UInt8]) throws -> [UInt8] { try signing(bytes) }

  private typealias Made = (
    parameters: [(name: String, json: String)], signing: @Sendable ([UInt8]) throws -> [UInt8]
  )

  private static func ed25519() -> Made {
    let key = Curve25519.Signing.PrivateKey()
    let x = TokenText.encode(Array(key.publicKey.rawRepresentation))
    return (
      [("kty", "\"OKP\""), ("crv", "\"Ed25519\""), ("x", "\"\(x)\"")],
      { Array(try key.signature(for: $0)) }
    )
  }

  private static func p256() -> Made {
    let key = P256.Signing.PrivateKey()
    let point = Array(key.publicKey.x963Representation.dropFirst())
    let (x, y) = (TokenText.encode(Array(point[..<32])), TokenText.encode(Array(point[32...])))
    return (
      [("kty", "\"EC\""), ("crv", "\"P-256\""), ("x", "\"\(x)\""), ("y", "\"\(y)\"")],
      { Array(try key.signature(for: $0).rawRepresentation) }
    )
  }

  private static func rsa() throws -> Made {
    let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    let numbers = try key.publicKey.getKeyPrimitives()
    let (n, e) = (Array(numbers.modulus), Array(numbers.publicExponent))
    return (
      [
        ("kty", "\"RSA\""), ("n", "\"\(TokenText.encode(n))\""),
        ("e", "\"\(TokenText.encode(e))\""),
      ],
      { Array(try key.signature(for: $0, padding: .insecurePKCS1v1_5).rawRepresentation) }
    )
  }
}
