// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto
import Glibc

/// Memory for keys: slots of 32 bytes in pages that are locked into RAM and left out of core dumps.
///
/// Keys share pages on purpose. `mlock` works on pages and does not count: locking each key of an
/// ordinary heap would unlock its neighbours with the first release, and a page per key would use
/// up the usual limit of 8 MiB with 2,048 keys. Chunks are kept for the life of the object, so the
/// memory is bounded by the largest number of keys that were ever alive together.
///
/// Unchecked because of `state`. Owner: this object. Rule: it is touched in `withState` only, under
/// `mutex`. A pthread mutex, because ThreadSanitizer does not see through `Synchronization.Mutex`
/// on Linux and would report every use of it.
final class LockedMemory: @unchecked Sendable {
  static let slotByteCount = 32
  static let chunkByteCount = 16 * 1024

  /// The process's key memory.
  static let shared = LockedMemory()

  private struct State {
    var free: [Address] = []
    var chunks: [Address] = []
    var unlockedByteCount = 0
  }

  /// Unchecked because of the raw pointer. Owner: the `LockedMemory` that mapped it. Rule: an
  /// address is either in the free list or in exactly one `SecretSlot`.
  fileprivate struct Address: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  private var state = State()
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let lock: @Sendable (UnsafeMutableRawPointer, Int) -> Bool

  /// - Parameter lock: pins a range into RAM and says whether it could; replaced by tests only.
  init(lock: @escaping @Sendable (UnsafeMutableRawPointer, Int) -> Bool = { mlock($0, $1) == 0 }) {
    self.lock = lock
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    for chunk in state.chunks { munmap(chunk.pointer, Self.chunkByteCount) }
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Bytes that `mlock` refused (`RLIMIT_MEMLOCK`), which may therefore reach swap.
  var unlockedByteCount: Int {
    withState { $0.unlockedByteCount }
  }

  /// A slot of 32 zero bytes.
  func slot() throws(CryptoError) -> SecretSlot {
    SecretSlot(address: try takeAddress(), memory: self)
  }

  private func takeAddress() throws(CryptoError) -> Address {
    let address = withState { state in
      if state.free.isEmpty { grow(&state) }
      return state.free.popLast()
    }
    guard let address else { throw .outOfMemory }
    return address
  }

  /// Maps one more chunk; leaves the free list empty if the system has no memory.
  private func grow(_ state: inout State) {
    let protection = PROT_READ | PROT_WRITE
    let chunk = mmap(nil, Self.chunkByteCount, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let chunk, chunk != MAP_FAILED else { return }
    if !lock(chunk, Self.chunkByteCount) { state.unlockedByteCount += Self.chunkByteCount }
    // Best effort like the lock: an old kernel without the flag still gives usable memory.
    _ = madvise(chunk, Self.chunkByteCount, MADV_DONTDUMP)
    state.chunks.append(Address(pointer: chunk))
    for offset in stride(from: 0, to: Self.chunkByteCount, by: Self.slotByteCount) {
      state.free.append(Address(pointer: chunk + offset))
    }
  }

  fileprivate func release(_ address: Address) {
    OPENSSL_cleanse(address.pointer, Self.slotByteCount)
    withState { $0.free.append(address) }
  }

  private func withState<Result>(_ body: (inout State) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&state)
  }
}

/// The single owner of one slot; wipes it and gives it back when it ends.
struct SecretSlot: ~Copyable, Sendable {
  private let address: LockedMemory.Address
  private let memory: LockedMemory

  fileprivate init(address: LockedMemory.Address, memory: LockedMemory) {
    self.address = address
    self.memory = memory
  }

  deinit {
    memory.release(address)
  }

  /// The 32 bytes; the pointer must not outlive the slot.
  var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: address.pointer, count: LockedMemory.slotByteCount)
  }
}
