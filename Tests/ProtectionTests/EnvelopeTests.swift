// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Protection

@Suite struct EnvelopeTests {
  struct Alteration: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let apply: @Sendable (inout EventContext) -> Void

    init(_ name: String, _ apply: @escaping @Sendable (inout EventContext) -> Void) {
      testDescription = name
      self.apply = apply
    }
  }

  static let alterations = [
    Alteration("tenant") { $0.tenant = UUID() },
    Alteration("recording") { $0.recording = UUID() },
    Alteration("event") { $0.eventID = UUID() },
    Alteration("tenant and recording exchanged") { swap(&$0.tenant, &$0.recording) },
    Alteration("type") { $0.type = "tool.calm \u{E9}" },
    Alteration("empty type") { $0.type = "" },
    Alteration("type in another normal form") { $0.type = "tool.call e\u{301}" },
    Alteration("type with a NUL behind") { $0.type += "\0" },
    Alteration("a microsecond later") { $0.occurredAt += 1 },
    Alteration("time negated") { $0.occurredAt.negate() },
  ]

  @Test func opensThroughAllThreeLevels() throws {
    let master = try Sample.masterKey()
    let tenantKey = try TenantKey.generate()
    let dataKey = try DataKey.generate()
    let sealed = try dataKey.seal([1, 2, 3], as: .sample)
    let wrappedTenantKey = try master.wrap(tenantKey: tenantKey, tenant: Sample.tenant)
    let wrappedDataKey = try tenantKey.wrap(
      dataKey, tenant: Sample.tenant, recording: Sample.recording)

    let openedDataKey =
      try master
      .unwrapTenantKey(wrappedTenantKey, id: tenantKey.id, tenant: Sample.tenant)
      .unwrapDataKey(
        wrappedDataKey, commitment: dataKey.commitment, tenant: Sample.tenant,
        recording: Sample.recording)
    #expect(try openedDataKey.open(sealed, as: .sample) == [1, 2, 3])
    #expect(try openedDataKey.contentMAC(of: [[1]]) == dataKey.contentMAC(of: [[1]]))
    #expect(wrappedTenantKey.count == 72 && wrappedDataKey.count == 72)
  }

  @Test(arguments: alterations)
  func opensInItsOwnContextOnly(alteration: Alteration) throws {
    let key = try DataKey.generate()
    let sealed = try key.seal([1, 2, 3], as: .sample)
    var other = EventContext.sample
    alteration.apply(&other)
    #expect(throws: EnvelopeError.authenticationFailed) { try key.open(sealed, as: other) }
    #expect(try key.open(sealed, as: .sample) == [1, 2, 3])
  }

  @Test func refusesEveryAlteredByteOfASealedPayload() throws {
    let key = try DataKey.generate()
    let sealed = try key.seal(Array("payload".utf8), as: .sample)
    for altered in alteredCopies(of: sealed) {
      #expect(throws: EnvelopeError.authenticationFailed) { try key.open(altered, as: .sample) }
    }
  }

  @Test func refusesEveryAlteredByteOfAWrappedTenantKey() throws {
    let master = try Sample.masterKey()
    let key = try Sample.tenantKey()
    let wrapped = try master.wrap(tenantKey: key, tenant: Sample.tenant)
    for altered in alteredCopies(of: wrapped) {
      #expect(throws: EnvelopeError.authenticationFailed) {
        try master.unwrapTenantKey(altered, id: key.id, tenant: Sample.tenant)
      }
    }
  }

  @Test func unwrapsATenantKeyForItsTenantIDAndMasterKeyOnly() throws {
    let master = try Sample.masterKey()
    let key = try Sample.tenantKey()
    let wrapped = try master.wrap(tenantKey: key, tenant: Sample.tenant)
    let attempts = [
      (master, key.id, UUID()), (master, UUID(), Sample.tenant),
      (try Sample.masterKey(id: "mk-2027"), key.id, Sample.tenant),
      (try MasterKey(id: master.id, key: .generate()), key.id, Sample.tenant),
    ]
    for (master, id, tenant) in attempts {
      #expect(throws: EnvelopeError.authenticationFailed) {
        try master.unwrapTenantKey(wrapped, id: id, tenant: tenant)
      }
    }
  }

  @Test func refusesEveryAlteredByteOfAWrappedDataKeyAndItsCommitment() throws {
    let (tenantKey, dataKey) = (try Sample.tenantKey(), try Sample.dataKey())
    let wrapped = try tenantKey.wrap(dataKey, tenant: Sample.tenant, recording: Sample.recording)
    func unwrap(_ wrapped: [UInt8], _ commitment: [UInt8]) throws -> DataKey {
      try tenantKey.unwrapDataKey(
        wrapped, commitment: commitment, tenant: Sample.tenant, recording: Sample.recording)
    }
    for altered in alteredCopies(of: wrapped) {
      #expect(throws: EnvelopeError.authenticationFailed) {
        try unwrap(altered, dataKey.commitment)
      }
    }
    for altered in alteredCopies(of: dataKey.commitment) {
      #expect(throws: EnvelopeError.commitmentMismatch) { try unwrap(wrapped, altered) }
    }
    #expect(throws: Never.self) { try unwrap(wrapped, dataKey.commitment) }
  }

  @Test func unwrapsADataKeyForItsTenantRecordingAndTenantKeyOnly() throws {
    let (tenantKey, dataKey) = (try Sample.tenantKey(), try Sample.dataKey())
    let wrapped = try tenantKey.wrap(dataKey, tenant: Sample.tenant, recording: Sample.recording)
    let attempts = [
      (tenantKey, UUID(), Sample.recording), (tenantKey, Sample.tenant, UUID()),
      (tenantKey, Sample.recording, Sample.tenant),
      (try TenantKey.generate(id: tenantKey.id), Sample.tenant, Sample.recording),
      (try TenantKey(id: UUID(), secret: tenantKey.secret), Sample.tenant, Sample.recording),
    ]
    for (key, tenant, recording) in attempts {
      #expect(throws: EnvelopeError.authenticationFailed) {
        try key.unwrapDataKey(
          wrapped, commitment: dataKey.commitment, tenant: tenant, recording: recording)
      }
    }
  }

  @Test func refusesATypeThatIsTooLongForItsLength() throws {
    let key = try DataKey.generate()
    var event = EventContext.sample
    event.type = String(repeating: "a", count: 65_535)
    #expect(try key.open(key.seal([1], as: event), as: event) == [1])
    event.type += "a"
    #expect(throws: EnvelopeError.lengthRefused) { try key.seal([1], as: event) }
    #expect(throws: EnvelopeError.lengthRefused) { try key.open(bytes(0, 41), as: event) }
  }

  @Test func tellsContentsApartWhateverTheCutBetweenParts() throws {
    let key = try DataKey.generate()
    let contents: [[[UInt8]]] = [
      [], [[]], [[], []], [[1, 2, 3]], [[1], [2, 3]], [[1, 2], [3]], [[], [1, 2, 3]],
      [[1, 2, 3], []], [bytes(0, 8)], [bytes(0, 9)],
    ]
    let codes = try contents.map { try key.contentMAC(of: $0) }
    #expect(Set(codes).count == contents.count)
    #expect(try DataKey.generate().contentMAC(of: contents[3]) != codes[3])
    #expect(try contents.map { try key.contentMAC(of: $0) } == codes)
  }

  @Test func usesEachDerivedKeyForOneThing() throws {
    let parent = try SecretKey.generate()
    let purposes: [KeyPurpose] = [
      .masterWrap, .masterFingerprint, .tenantWrap, .tenantRedaction, .dataEncryption,
      .dataCommitment, .dataContentMAC,
    ]
    let derived = try purposes.map { try $0.publicBytes(from: parent) }
    #expect(Set(derived).count == purposes.count)
    #expect(!derived.contains(parent.withUnsafeBytes { Array($0) }))
  }

  @Test func sealsFromManyTasksWithOneKey() async throws {
    let key = try DataKey.generate()
    let sealed = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
      for task in UInt8(0)..<16 {
        group.addTask {
          try (0..<500).map { index in
            let payload = bytes(task, index)
            let sealed = try key.seal(payload, as: .sample)
            guard try key.open(sealed, as: .sample) == payload else {
              throw EnvelopeError.authenticationFailed
            }
            return sealed
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(sealed.map { $0.prefix(24) }).count == 16 * 500)
    for message in sealed {
      let payload = try key.open(message, as: .sample)
      #expect(payload.allSatisfy { $0 == payload.first })
    }
  }

  /// Each byte flipped in its lowest and highest bit, one byte missing at either end, one more.
  private func alteredCopies(of original: [UInt8]) -> [[UInt8]] {
    var copies = [[], Array(original.dropFirst()), Array(original.dropLast()), original + [0]]
    for index in original.indices {
      for bit in [0x01, 0x80] as [UInt8] {
        var copy = original
        copy[index] ^= bit
        copies.append(copy)
      }
    }
    return copies
  }
}
