// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@testable import Protection

/// What a tenant's key hands on to the one that takes its place.
@Suite struct RecognitionKeysTests {
  private static let secret = Array("correct horse".utf8)

  /// The key of bytes 96 to 127, with what the sample's has handed on.
  private func successor(_ wrapped: [UInt8], tenant: UUID = Sample.tenant) throws -> TenantKey {
    try TenantKey(id: Sample.tenantKeyID, secret: Sample.secret(96))
      .adopting(wrapped, tenant: tenant)
  }

  /// Computed independently, like those of `EnvelopeVectorsTests`: it opens for ever.
  private static let vector = hex(
    """
    b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0
    422652f1fd591f5cd816aa5749b34b97598ebd4c0f225f21f11165496c36abac
    e39941cfcefa5c0987036d529da09e44
    b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1
    ce220b3b9907a1799599a5445c35732ab63ed7139258ee1034fe4837ca2d0f16
    1378898a7636b7d8d8cd19836b3538e0
    b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2
    a6c94a10beb14209e827834fb4ba671722eda788fe183b23c0654edd06f662c4
    e6de79d76250a66b61bd4171e21dd708
    """)

  @Test func opensWhatWasWrappedByVersionOne() throws {
    let key = try successor(Self.vector)
    #expect(
      try key.redactionFingerprint(of: Self.secret)
        == hex("f9dc07006395e8482d7897eabff149c7ffdff0f1b92648113886ded5d976aca9"))
    #expect(
      try key.requestFingerprint(of: Self.secret)
        == hex("be0df25e3c12cf2c175ffd558d7beb189c25ef908874bd894b9901d19740c797"))
    #expect(
      try key.fileDigests(of: [Self.secret]) == [hex("78e3473f49243fad557f8dd320987713")])
  }

  @Test func aSuccessorRecognisesWhatItsPredecessorDid() throws {
    let first = try Sample.tenantKey()
    let master = try Sample.masterKey()
    var last = first
    for _ in 0..<3 {
      let next = try TenantKey.generate(succeeding: last)
      let recognition = try next.wrappedRecognition(tenant: Sample.tenant)
      #expect(recognition.count == 216)
      let wrapped = try master.wrap(tenantKey: next, tenant: Sample.tenant)
      let opened = try master.unwrapTenantKey(
        wrapped, recognition: recognition, id: next.id, tenant: Sample.tenant)
      #expect(!opened.secret.isEqual(to: last.secret) && opened.id != last.id)
      #expect(
        try opened.redactionFingerprint(of: Self.secret)
          == first.redactionFingerprint(of: Self.secret))
      #expect(
        try opened.requestFingerprint(of: Self.secret) == first.requestFingerprint(of: Self.secret))
      #expect(try opened.fileDigests(of: [Self.secret]) == first.fileDigests(of: [Self.secret]))
      last = opened
    }
    // By itself it would recognise nothing.
    let alone = try TenantKey(id: last.id, secret: last.secret)
    #expect(
      try alone.redactionFingerprint(of: Self.secret)
        != first.redactionFingerprint(of: Self.secret))
  }

  @Test func everyAlteredByteIsRefused() throws {
    for place in Self.vector.indices {
      var altered = Self.vector
      altered[place] ^= 1
      #expect(throws: EnvelopeError.authenticationFailed) { try successor(altered) }
    }
    // Exchanged, cut, and of another tenant or key.
    let exchanged = Array(Self.vector[72..<144] + Self.vector[..<72] + Self.vector[144...])
    for wrapped in [exchanged, Array(Self.vector.dropLast()), [], Self.vector + [0]] {
      #expect(throws: EnvelopeError.authenticationFailed) { try successor(wrapped) }
    }
    #expect(throws: EnvelopeError.authenticationFailed) {
      try successor(Self.vector, tenant: Sample.recording)
    }
    #expect(throws: EnvelopeError.authenticationFailed) {
      try TenantKey(id: Sample.recording, secret: Sample.secret(96))
        .adopting(Self.vector, tenant: Sample.tenant)
    }
  }
}
