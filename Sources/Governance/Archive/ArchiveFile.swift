// Hansard
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file of an archive; the single owner of its descriptor, which is closed with the last reference.
///
/// Nothing here changes after `init` but the file itself: reading says where, and writing appends. One task
/// writes at a time.
package final class ArchiveFile: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { Glibc.close(descriptor) }

  /// Makes a file that was not there, for its owner alone.
  static func create(_ path: String) throws(ArchiveStoreError) -> ArchiveFile {
    try opened(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND)
  }

  /// Opens a file for reading.
  static func open(_ path: String) throws(ArchiveStoreError) -> ArchiveFile {
    try opened(path, O_RDONLY)
  }

  /// Makes a file without a name in a directory: it is gone with its last reference, or with the process.
  package static func unnamed(in directory: String) async throws(ArchiveStoreError) -> ArchiveFile {
    try await BlockingFiles.run { () throws(ArchiveStoreError) in
      var template = Array("\(directory)/hansard-archive-XXXXXX".utf8CString)
      let descriptor = mkstemp(&template)
      guard descriptor >= 0 else { throw .last("creating a temporary file") }
      let file = ArchiveFile(descriptor: descriptor)
      guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0, unlink(template) == 0 else {
        throw .last("unlinking a temporary file")
      }
      return file
    }
  }

  private static func opened(
    _ path: String, _ flags: Int32
  ) throws(ArchiveStoreError) -> ArchiveFile {
    let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
    guard descriptor >= 0 else { throw .last("opening a file") }
    return ArchiveFile(descriptor: descriptor)
  }

  /// Writes behind what is there.
  package func append(_ bytes: [UInt8]) async throws(ArchiveStoreError) {
    try await BlockingFiles.run { [descriptor] () throws(ArchiveStoreError) in
      defer { extendLifetime(self) }
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written >= 0 || errno == EINTR else { throw .last("writing a file") }
        rest = rest.dropFirst(max(written, 0))
      }
    }
  }

  /// Returns when the disk has it.
  func flush() async throws(ArchiveStoreError) {
    try await BlockingFiles.run { () throws(ArchiveStoreError) in
      guard fsync(self.descriptor) == 0 else { throw .last("flushing a file") }
    }
  }

  /// How long it is.
  package func byteCount() async throws(ArchiveStoreError) -> Int64 {
    try await BlockingFiles.run { () throws(ArchiveStoreError) in
      var information = stat()
      guard fstat(self.descriptor, &information) == 0 else { throw .last("looking at a file") }
      return Int64(information.st_size)
    }
  }

  /// The bytes from an offset on, at most `limit`; none at the end.
  package func read(
    at offset: Int64, limit: Int = 256 << 10
  ) async throws(ArchiveStoreError) -> [UInt8] {
    try await BlockingFiles.run { () throws(ArchiveStoreError) in
      var code: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        var got = pread(self.descriptor, buffer.baseAddress, limit, off_t(offset))
        while got < 0, errno == EINTR {
          got = pread(self.descriptor, buffer.baseAddress, limit, off_t(offset))
        }
        if got < 0 { code = errno }
        count = max(0, got)
      }
      guard code == 0 else { throw .system(operation: "reading a file", code: code) }
      return bytes
    }
  }
}

extension ArchiveStoreError {
  /// What the last call of the operating system says.
  static func last(_ operation: String) -> ArchiveStoreError {
    switch errno {
    case ENOENT: .notFound
    case EACCES, EPERM, EROFS: .denied(reason: operation)
    default: .system(operation: operation, code: errno)
    }
  }
}
