// Hansard
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An open file, closed with its last reference. Every call blocks.
final class OpenFile: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Opens with `flags` of `open(2)`; what it makes belongs to its owner alone.
  init(_ path: String, _ flags: Int32) throws(HansardClientError) {
    self.path = path
    descriptor = open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("open", path) }
  }

  deinit { if descriptor >= 0 { _ = Self.closeFile(descriptor) } }

  private static func closeFile(_ descriptor: Int32) -> Int32 { close(descriptor) }

  static func failure(_ operation: String, _ path: String) -> HansardClientError {
    .disk("\(operation) \(path): \(String(cString: strerror(errno)))")
  }

  /// Takes the file for this description alone; false where somebody has it.
  func lock() throws(HansardClientError) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK else { throw Self.failure("lock", path) }
    return false
  }

  /// Its length.
  func size() throws(HansardClientError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure("stat", path) }
    return Int(status.st_size)
  }

  /// Writes everything at its end.
  func write(_ bytes: [UInt8]) throws(HansardClientError) {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Self.put(descriptor, $0) }
      guard count > 0 || errno == EINTR else { throw Self.failure("write", path) }
      done += max(count, 0)
    }
  }

  private static func put(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
    Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
    Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  /// Waits until what was written would survive a crash of the machine.
  func flush() throws(HansardClientError) {
    while fsync(descriptor) != 0 {
      guard errno == EINTR else { throw Self.failure("fsync", path) }
    }
  }

  func truncate(to size: Int) throws(HansardClientError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.failure("truncate", path) }
  }

  /// Up to `count` bytes from `offset` on; fewer at the end.
  func read(from offset: Int, count: Int) throws(HansardClientError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(count, 0))
    var done = 0
    while done < bytes.count {
      let got = bytes[done...].withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, $0.count, off_t(offset + done))
      }
      if got == 0 { break }
      guard got > 0 || errno == EINTR else { throw Self.failure("read", path) }
      done += max(got, 0)
    }
    bytes.removeLast(bytes.count - done)
    return bytes
  }
}

/// What is done to directories. Every call blocks.
enum Directory {
  /// Makes a directory for its owner alone, where there is none, so that it survives a crash of the
  /// machine. What it is in must be there.
  static func make(_ path: String) throws(HansardClientError) {
    let isNew = mkdir(path, 0o700) == 0
    guard isNew || errno == EEXIST else { throw OpenFile.failure("mkdir", path) }
    do throws(HansardClientError) {
      // The name is kept by the parent. Also where it is there: who made it may have ended before this.
      try OpenFile(parent(of: path), O_RDONLY).flush()
    } catch {
      // A parent that may only be passed through is one that somebody else made it in.
      if isNew { throw error }
    }
  }

  /// The directory that a path is in, as far as its text tells.
  static func parent(of path: String) -> String {
    var rest = path.utf8[...]
    while rest.count > 1, rest.last == UInt8(ascii: "/") { rest.removeLast() }
    guard let slash = rest.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == rest.startIndex ? "/" : String(decoding: rest[..<slash], as: UTF8.self)
  }

  /// The names in it.
  static func names(_ path: String) throws(HansardClientError) -> [String] {
    guard let stream = opendir(path) else { throw OpenFile.failure("list", path) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }

  /// Removes a file; one that is gone already is success.
  static func remove(_ path: String) throws(HansardClientError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw OpenFile.failure("remove", path) }
  }

  static func rename(_ from: String, _ to: String) throws(HansardClientError) {
    #if canImport(Glibc)
    let status = Glibc.rename(from, to)
    #else
    let status = Darwin.rename(from, to)
    #endif
    guard status == 0 else { throw OpenFile.failure("rename", from) }
  }
}
