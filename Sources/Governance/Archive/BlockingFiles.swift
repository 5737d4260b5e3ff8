// Hansard
// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Calls on files, which block for as long as a disk is slow, away from the cooperative pool.
package enum BlockingFiles {
  private static let queue = DispatchQueue(label: "archive files", attributes: .concurrent)

  /// Runs `work` on a thread of its own and waits for it. It is not cancelled with the task.
  package static func run<T: Sendable>(
    _ work: @escaping @Sendable () throws(ArchiveStoreError) -> T
  ) async throws(ArchiveStoreError) -> T {
    let result: Result<T, ArchiveStoreError> = await withCheckedContinuation { continuation in
      queue.async {
        do throws(ArchiveStoreError) {
          continuation.resume(returning: .success(try work()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }
}
