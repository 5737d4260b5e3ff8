// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// The files of the log, 1, 2, 3, …, in a store apart from the database.
struct ErasureFiles: Sendable {
  let store: any ArchiveStore

  /// What a file holds; nil where there is none.
  ///
  /// - Throws: `ErasureLogError`, and what the store throws.
  func read(_ segment: Int64) async throws -> [Erasure]? {
    let bytes: [UInt8]
    do {
      bytes = try await store.read(ErasureSegment(number: segment)) { next in
        var all: [UInt8] = []
        while let piece = try await next() {
          all += piece
          guard all.count <= ErasureFormat.maximumBytes else {
            throw ErasureLogError(segment: segment)
          }
        }
        return all
      }
    } catch ArchiveStoreError.notFound {
      return nil
    }
    return try ErasureFormat.erasures(in: bytes, of: segment)
  }

  /// Whether a file is there.
  func has(_ segment: Int64) async throws -> Bool {
    try await store.byteCount(of: ErasureSegment(number: segment)) != nil
  }

  /// Writes a file, and reads it back. One that is there already must say the same: it is of another past otherwise,
  /// which others may yet need.
  func write(_ erasures: [Erasure], as segment: Int64) async throws {
    if let present = try await read(segment) {
      guard present == erasures else { throw ErasureLogError(segment: segment) }
      return
    }
    let bytes = try ErasureFormat.text(erasures, of: segment)
    try await store.put(ErasureSegment(number: segment)) { try await $0(bytes) }
    guard try await read(segment) == erasures else { throw ErasureLogError(segment: segment) }
  }
}
