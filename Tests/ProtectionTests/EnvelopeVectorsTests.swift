// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Protection

/// Fixed answers of version 1, computed independently with Python's `hashlib`, `hmac` and
/// `cryptography`. What is sealed today must open for ever: these never change.
@Suite struct EnvelopeVectorsTests {
  static let payload = Array(#"{"tool":"search","q":"caf\u00e9"}"#.utf8)

  @Test func encodesAssociatedDataByteByByte() throws {
    let expected = hex(
      """
      01 10 68616e736172642f76312f6576656e74
      0010 00112233445566778899aabbccddeeff
      0010 01890a5dac96774bbcceb302099a8057
      0010 01890a5dac96774bbcceb302099a8058
      000c 746f6f6c2e63616c6c20c3a9
      0008 00060a2418202240
      """)
    #expect(try EventContext.sample.associatedData == expected)
  }

  @Test func derivesTheFingerprintOfAMasterKey() throws {
    let expected = "b9bb6da7997eeb945a325911b04568e39eb4004984c71de2393446fabf93d9de"
    #expect(try Sample.masterKey().fingerprint == hex(expected))
  }

  @Test func wrapsATenantKey() throws {
    let expected = hex(
      """
      a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0
      0f6e82fcf8c4d1dda209fc0e52b45d4b08cae48b01c8ba70d626802cb5b0324f
      4caaf0ea0aee8a823b86e6560e1b666a
      """)
    let wrapped = try Sample.masterKey().wrap(
      tenantKey: Sample.tenantKey(), tenant: Sample.tenant,
      nonce: .init(knownAnswer: bytes(0xA0, 24)))
    #expect(wrapped == expected)
    let key = try Sample.masterKey().unwrapTenantKey(
      expected, id: Sample.tenantKeyID, tenant: Sample.tenant)
    #expect(key.secret.isEqual(to: try Sample.secret(32)))
  }

  @Test func wrapsADataKey() throws {
    let expected = hex(
      """
      a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1
      3af35b9724ed731acc4ff7ff4a1a3c730d559ca9a65715a127288517dbc41bd9
      4e0521e5ddb45a0a149103ea6d3fb8db
      """)
    let commitment = hex("95ffe01d7ec63dfe7cb0912069187c22eb7104ad8b81dddf7517beaea2e9d100")
    let wrapped = try Sample.tenantKey().wrap(
      Sample.dataKey(), tenant: Sample.tenant, recording: Sample.recording,
      nonce: .init(knownAnswer: bytes(0xA1, 24)))
    #expect(wrapped == expected)
    #expect(try Sample.dataKey().commitment == commitment)
    let key = try Sample.tenantKey().unwrapDataKey(
      expected, commitment: commitment, tenant: Sample.tenant, recording: Sample.recording)
    #expect(key.secret.isEqual(to: try Sample.secret(64)))
  }

  @Test(arguments: [
    (
      payload,
      "f45f02a2e0ea3174c3729695d2558ab30ef5fde1b41f305dc8fec2ddcadad077"
        + "b71042074da84f256e4f11fdae437f60d1"
    ),
    ([], "d107d8787c71591a457ed3d8a277b3b2"),
  ])
  func sealsAPayload(plaintext: [UInt8], sealed: String) throws {
    let expected = bytes(0xA2, 24) + hex(sealed)
    let key = try Sample.dataKey()
    let nonce = try XAES256GCM.Nonce(knownAnswer: bytes(0xA2, 24))
    #expect(try key.seal(plaintext, as: .sample, nonce: nonce) == expected)
    #expect(try key.open(expected, as: .sample) == plaintext)
  }

  @Test func authenticatesContent() throws {
    let key = try Sample.dataKey()
    let two = "fe91e35eace884baa5e9852dcbc09bac8f13fc27a6059214b95df2f490eea0ef"
    let none = "efb7d6ee5d98e697733484edeaa102c6d9d4a2129af735338e457c25dc6e9e23"
    #expect(try key.contentMAC(of: [Self.payload, Array("tool.call".utf8)]) == hex(two))
    #expect(try key.contentMAC(of: []) == hex(none))
  }

  @Test func fingerprintsARedactedSecret() throws {
    let expected = hex("27aada3fa6b4e4febb81647eb399ebed22f8d0fb4cdcfe6bbc54f4f9ef1c3fa0")
    let fingerprint = try Sample.tenantKey().redactionFingerprint(of: Array("ghp_example".utf8))
    #expect(fingerprint == expected)
  }
}
