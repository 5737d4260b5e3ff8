// Hansard
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// A bounded queue on the disk, for one process at a time.
///
/// Its calls to the system run on a queue of their own, in order, so that a slow disk holds up no
/// task that does not wait for it.
final class DiskBuffer: Sendable {
  private let queue = DispatchQueue(label: "hansard.buffer")
  private let store: Mutex<SegmentStore?>

  private init(_ store: SegmentStore) {
    self.store = Mutex(store)
  }

  /// Takes a directory. `limit` is in bytes.
  static func open(
    _ directory: String, limit: Int
  ) async throws(HansardClientError) -> DiskBuffer {
    let result = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(returning: attempt(directory, limit))
      }
    }
    return DiskBuffer(try result.get())
  }

  private static func attempt(
    _ directory: String, _ limit: Int
  ) -> Result<SegmentStore, HansardClientError> {
    do throws(HansardClientError) {
      return .success(try SegmentStore(directory: directory, limit: limit))
    } catch {
      return .failure(error)
    }
  }

  private func run<T: Sendable>(
    _ body: @escaping @Sendable (inout SegmentStore) throws(HansardClientError) -> T
  ) async throws(HansardClientError) -> T {
    let result: Result<T, HansardClientError> = await withCheckedContinuation { continuation in
      queue.async {
        let result: Result<T, HansardClientError> = self.store.withLock { store in
          do throws(HansardClientError) {
            guard var taken = store.take() else { return .failure(.closed) }
            defer { store = taken }
            return .success(try body(&taken))
          } catch {
            return .failure(error)
          }
        }
        continuation.resume(returning: result)
      }
    }
    return try result.get()
  }

  /// Appends an entry; returns when it would survive a crash of the machine.
  func append(_ payload: [UInt8]) async throws(HansardClientError) {
    try await run { store throws(HansardClientError) in try store.append(payload) }
  }

  /// What it had to cut when it was opened, in bytes.
  func tornBytes() async throws(HansardClientError) -> Int {
    try await run { store throws(HansardClientError) in store.tornBytes }
  }

  /// Entries from the cursor on, or from `position`.
  func read(
    atMost count: Int, from position: SegmentStore.Position? = nil
  ) async throws(HansardClientError) -> SegmentStore.Page {
    try await run { store throws(HansardClientError) in
      try store.read(atMost: count, from: position)
    }
  }

  func advance(to position: SegmentStore.Position) async throws(HansardClientError) {
    try await run { store throws(HansardClientError) in try store.advance(to: position) }
  }

  /// Bytes that are not done with; 0 after the end.
  func pendingBytes() async -> Int {
    do throws(HansardClientError) {
      return try await run { store throws(HansardClientError) in store.pendingBytes }
    } catch {
      return 0
    }
  }

  /// Lets the directory go. Whatever comes afterwards throws `closed`.
  func close() async {
    await withCheckedContinuation { continuation in
      queue.async {
        self.store.withLock { $0 = nil }
        continuation.resume()
      }
    }
  }
}
