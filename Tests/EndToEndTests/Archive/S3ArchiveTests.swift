// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

@testable import Governance
@testable import hansard

/// Over a real socket, against a server of another make that checks signatures and permissions.
@Suite(.serialized, .exclusive)
struct S3ArchiveTests {
  private let name = ArchiveName(.make(), of: .make())

  @Test(.timeLimit(.minutes(4))) func keepsArchivesInAStoreThatChecksSignatures() async throws {
    try await Moto.with { moto in
      try await keepsWhatItIsGiven(try moto.store())
      try await isRefused(moto)
      try await leavesNothingHalf(moto)
    }
  }

  private func keepsWhatItIsGiven(_ store: S3Archive) async throws {
    #expect(store.url(of: name) == "s3://hansard-archive/cold/\(name.path)")
    #expect(try await store.byteCount(of: name) == nil)
    #expect(try await store.contents(name) == nil)
    let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let answer = try await store.put(name) { sink in
      try await sink(Array(large[..<1000]))
      try await sink(Array(large[1000...]))
      return "answer"
    }
    #expect(answer == "answer")
    #expect(try await store.byteCount(of: name) == 3_000_000)
    #expect(try await store.contents(name) == large)
    // Read in part only.
    let first = try await store.read(name) { bytes in try await bytes()?.first }
    #expect(first == large[0])
    try await store.put(name) { try await $0([1, 2]) }
    #expect(try await store.contents(name) == [1, 2])
    try await store.delete(name)
    #expect(try await store.byteCount(of: name) == nil)
    try await store.delete(name)
    struct Broken: Error {}
    await #expect(throws: Broken.self) {
      try await store.put(name) { sink in
        try await sink([1])
        throw Broken()
      }
    }
    #expect(try await store.byteCount(of: name) == nil)
  }

  /// With a secret that is not the key's, and by the planted defect: a signer that does not put headers in
  /// order.
  private func isRefused(_ moto: Moto) async throws {
    let right = try moto.store()
    try await right.put(name) { try await $0([7]) }
    var defective = right
    defective.signsUnsorted = true
    for store in [try moto.store(secret: "another"), defective] {
      let denied = ArchiveStoreError.denied(reason: "SignatureDoesNotMatch")
      await #expect(throws: denied) { try await store.put(name) { try await $0([8]) } }
      await #expect(throws: denied) { try await store.contents(name) }
      await #expect(throws: denied) { try await store.delete(name) }
      await #expect(throws: ArchiveStoreError.denied(reason: "403")) {
        try await store.byteCount(of: name)
      }
    }
    #expect(try await right.contents(name) == [7])
    try await right.delete(name)
  }

  /// Connections that end in the middle of an upload: nothing is there under the name, until one goes through.
  private func leavesNothingHalf(_ moto: Moto) async throws {
    let bytes = [UInt8](repeating: 5, count: 1_000_000)
    let direct = try moto.store()
    try await SeveringRelay.with(toPort: moto.port, severing: .max, after: 500_000) { relay in
      let store = try moto.store(port: relay.port)
      await #expect(throws: ArchiveStoreError.unreachable) {
        try await store.put(name) { try await $0(bytes) }
      }
      #expect(relay.count == 4)
    }
    #expect(try await direct.byteCount(of: name) == nil)
    try await SeveringRelay.with(toPort: moto.port, severing: 2, after: 500_000) { relay in
      try await moto.store(port: relay.port).put(name) { try await $0(bytes) }
      #expect(relay.count == 3)
    }
    #expect(try await direct.contents(name) == bytes)
  }
}
