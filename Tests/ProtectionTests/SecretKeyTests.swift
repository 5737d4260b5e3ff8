// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import Protection

@Suite struct SecretKeyTests {
  /// The key memory stays mapped while `memory` lives, so what a released key left behind can be
  /// looked at.
  @Test func wipesItsMemoryWhenItGoes() throws {
    let memory = LockedMemory()
    var key: SecretKey? = try SecretKey(in: memory) { (buffer) throws(CryptoError) in
      buffer.initializeMemory(as: UInt8.self, repeating: 0xA5)
    }
    let address = try #require(key?.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) })
    let pointer = try #require(UnsafeRawPointer(bitPattern: address))
    #expect(snapshot(pointer) == bytes(0xA5, 32), "the control: the key was there")
    key = nil
    #expect(snapshot(pointer) == bytes(0, 32))
    extendLifetime(memory)
  }

  @Test func wipesWhatAFailedMakingHadWritten() throws {
    let memory = LockedMemory()
    let address = Mutex<UInt>(0)
    #expect(throws: CryptoError.authenticationFailed) {
      _ = try SecretKey(in: memory) { (buffer) throws(CryptoError) in
        buffer.initializeMemory(as: UInt8.self, repeating: 0xA5)
        address.withLock { $0 = UInt(bitPattern: buffer.baseAddress) }
        throw .authenticationFailed
      }
    }
    let pointer = try #require(UnsafeRawPointer(bitPattern: address.withLock { $0 }))
    #expect(snapshot(pointer) == bytes(0, 32))
    extendLifetime(memory)
  }

  @Test func isNeverPrinted() throws {
    let secret = bytes(0x41, 32)
    let key = try secret.withBytes { (bytes) throws(CryptoError) in try SecretKey(copying: bytes) }
    let dataKey = try DataKey(secret: key)
    let tenantKey = try TenantKey(id: Sample.tenantKeyID, secret: key)
    let masterKey = try MasterKey(id: "a", key: key)
    for value in [key, dataKey, tenantKey, masterKey] as [Any] {
      var dumped = ""
      dump(value, to: &dumped)
      for text in [dumped, "\(value)", String(reflecting: value), String(describing: value)] {
        #expect(text.contains("redacted") && !text.contains("AAAA") && !text.contains("65"))
      }
    }
  }

  @Test func takesExactly32Bytes() {
    for count in [0, 1, 31, 33, 64] {
      #expect(throws: CryptoError.lengthRefused) {
        try bytes(1, count).withBytes { (bytes) throws(CryptoError) in
          try SecretKey(copying: bytes)
        }
      }
    }
  }

  @Test func comparesByContent() throws {
    let key = try SecretKey.generate()
    let copy = try key.withUnsafeBytes { (bytes) throws(CryptoError) in
      try SecretKey(copying: bytes)
    }
    #expect(key.isEqual(to: copy))
    #expect(!key.isEqual(to: try .generate()))
  }

  private func snapshot(_ pointer: UnsafeRawPointer) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: pointer, count: 32))
  }
}

@Suite struct LockedMemoryTests {
  @Test func reportsMemoryThatCouldNotBeLocked() throws {
    let refused = LockedMemory(lock: { _, _ in false })
    #expect(refused.unlockedByteCount == 0)
    let slot = try refused.slot()
    #expect(refused.unlockedByteCount == LockedMemory.chunkByteCount)
    #expect(slot.bytes.allSatisfy { $0 == 0 })
    let granted = LockedMemory(lock: { _, _ in true })
    _ = try granted.slot()
    #expect(granted.unlockedByteCount == 0)
  }

  /// The kernel's own count of locked pages, unless the limit forbids locking here.
  ///
  /// Not under a sanitizer: those replace `mlock` by a function that does nothing.
  @Test(.enabled(if: dlsym(nil, "__sanitizer_print_stack_trace") == nil))
  func locksItsPages() throws {
    let memory = LockedMemory()
    let slot = try memory.slot()
    if memory.unlockedByteCount == 0 {
      let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmLck:") })
      let kilobytes = line.split(whereSeparator: { !"0123456789".contains($0) }).first
      #expect(try #require(Int(kilobytes ?? "")) >= LockedMemory.chunkByteCount / 1024)
    } else {
      #expect(memory.unlockedByteCount == LockedMemory.chunkByteCount)
    }
    extendLifetime(slot.bytes)
  }

  @Test func growsAndUsesReleasedSlotsAgain() throws {
    let memory = LockedMemory(lock: { _, _ in false })
    for _ in 0..<3 {
      let keys = try (0..<2000).map { _ in try key(in: memory) }
      #expect(Set(keys.map(address)).count == keys.count)
    }
    #expect(memory.unlockedByteCount == 4 * LockedMemory.chunkByteCount, "2000 slots of 32 bytes")
  }

  /// A slot given to two keys would be seen as a key that changes.
  @Test func givesEachSlotToOneKeyAtATime() async throws {
    let memory = LockedMemory()
    try await withThrowingTaskGroup(of: Int.self) { group in
      for marker in UInt8(1)...8 {
        group.addTask {
          var intact = 0
          for _ in 0..<500 {
            let keys = try (0..<4).map { _ in try key(in: memory, filledWith: marker) }
            intact += keys.count { $0.withUnsafeBytes { $0.allSatisfy { $0 == marker } } }
          }
          return intact
        }
      }
      for try await intact in group { #expect(intact == 2000) }
    }
  }
}

private func key(in memory: LockedMemory, filledWith byte: UInt8 = 1) throws -> SecretKey {
  try SecretKey(in: memory) { (buffer) throws(CryptoError) in
    buffer.initializeMemory(as: UInt8.self, repeating: byte)
  }
}

private func address(_ key: SecretKey) -> UInt {
  key.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
}
