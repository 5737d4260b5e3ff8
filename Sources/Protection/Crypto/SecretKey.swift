// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto

/// 32 secret bytes in locked memory, wiped when the last reference goes; never printed.
///
/// The bytes are written once, while the key is made, and only read afterwards, so a key may be
/// used from any number of tasks.
package final class SecretKey: Sendable {
  /// The size of every key here: 256 bits.
  package static let byteCount = LockedMemory.slotByteCount

  private let slot: SecretSlot

  /// Makes a key whose bytes `fill` writes into the locked memory itself.
  init(
    in memory: LockedMemory = .shared,
    filledBy fill: (UnsafeMutableRawBufferPointer) throws(CryptoError) -> Void
  ) throws(CryptoError) {
    let slot = try memory.slot()
    try fill(slot.bytes)
    self.slot = slot
  }

  /// Copies a key out of memory that the caller wipes.
  ///
  /// - Throws: `CryptoError.lengthRefused` unless there are exactly 32 bytes.
  package convenience init(copying bytes: UnsafeRawBufferPointer) throws(CryptoError) {
    guard bytes.count == Self.byteCount else { throw .lengthRefused }
    try self.init { (buffer) throws(CryptoError) in buffer.copyMemory(from: bytes) }
  }

  /// A fresh random key.
  package static func generate() throws(CryptoError) -> SecretKey {
    try SecretKey { (buffer) throws(CryptoError) in try SecureRandom.fillSecret(buffer) }
  }

  /// Bytes of key memory that could not be locked into RAM (`RLIMIT_MEMLOCK`); 0 when all is well.
  ///
  /// Locking is best effort. The service reports a value above 0 at start and goes on.
  package static var unlockedByteCount: Int {
    LockedMemory.shared.unlockedByteCount
  }

  /// Lends the 32 bytes; the pointer must not leave `body`, and no copy may stay behind.
  package func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { extendLifetime(self) }
    return try body(UnsafeRawBufferPointer(slot.bytes))
  }

  /// Whether two keys are the same, in constant time.
  package func isEqual(to other: SecretKey) -> Bool {
    withUnsafeBytes { mine in
      other.withUnsafeBytes { theirs in
        CRYPTO_memcmp(mine.baseAddress, theirs.baseAddress, Self.byteCount) == 0
      }
    }
  }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "SecretKey(redacted)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
