// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto
import Glibc

/// Reading key files: what may be opened, and in memory that is wiped afterwards.
enum MasterKeyFile {
  static let maximumByteCount = 64 * 1024

  /// Lends the file's bytes after checking kind, owner, mode and size.
  static func read<Result>(
    _ path: String, _ body: (UnsafeRawBufferPointer) throws(MasterKeyError) -> Result
  ) throws(MasterKeyError) -> Result {
    // O_NONBLOCK: a FIFO without a writer must be refused, not waited for.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw .unreadable(errno: errno) }
    defer { close(descriptor) }
    try check(descriptor)
    return try withWipedBuffer(byteCount: maximumByteCount + 1) { (buffer) throws(MasterKeyError) in
      let count = try fill(buffer, from: descriptor)
      // Read again here, not taken from fstat: the file may have grown since.
      guard count <= maximumByteCount else { throw .tooLarge }
      return try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// Looks at what was opened, not at the path, which may change in between.
  private static func check(_ descriptor: Int32) throws(MasterKeyError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile }
    guard status.st_mode & 0o077 == 0 else { throw .permissive(mode: status.st_mode & 0o7777) }
    guard status.st_uid == geteuid() || status.st_uid == 0 else { throw .foreignOwner }
    guard status.st_size <= maximumByteCount else { throw .tooLarge }
  }

  private static func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32
  ) throws(MasterKeyError) -> Int {
    var count = 0
    while count < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
      let result = Glibc.read(descriptor, rest.baseAddress, rest.count)
      if result == 0 { break }
      if result < 0 && errno == EINTR { continue }
      guard result > 0 else { throw .unreadable(errno: errno) }
      count += result
    }
    return count
  }

  /// Lends zeroed memory and wipes it afterwards, whatever happens.
  static func withWipedBuffer<Result>(
    byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws(MasterKeyError) -> Result
  ) throws(MasterKeyError) -> Result {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 1)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    defer {
      OPENSSL_cleanse(buffer.baseAddress, buffer.count)
      buffer.deallocate()
    }
    return try body(buffer)
  }
}
