// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibCrypto
import Glibc

extension MasterKeyFile {
  /// Lends the bytes of a key file with one fresh key, and the key's id: `mk-` and the first 8
  /// bytes of its fingerprint in hexadecimal.
  static func withNewFile<Result>(
    _ body: (UnsafeRawBufferPointer, _ id: String) throws(MasterKeyError) -> Result
  ) throws(MasterKeyError) -> Result {
    let (secret, id) = try newKey()
    let head = Array("# Hansard master keys: <id> <base64>. The first is current.\n\(id) ".utf8)
    // EVP_EncodeBlock writes 44 characters and a NUL, which the line feed then replaces.
    return try withWipedBuffer(byteCount: head.count + 45) { (buffer) throws(MasterKeyError) in
      buffer.copyBytes(from: head)
      let text = UnsafeMutableRawBufferPointer(rebasing: buffer[head.count...])
      let length = secret.withUnsafeBytes { key in
        EVP_EncodeBlock(text.bytePointer, key.bytePointer, Int32(key.count))
      }
      guard length == 44 else { throw .crypto(.failed("EVP_EncodeBlock")) }
      text[44] = UInt8(ascii: "\n")
      return try body(UnsafeRawBufferPointer(buffer), id)
    }
  }

  /// Writes a new file with mode 0600 under a temporary name and links it to `path`.
  ///
  /// `link` fails when the name is taken, unlike `rename`; so the file appears whole or not at all,
  /// and nothing is overwritten, whoever else makes one at the same time.
  static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(MasterKeyError) {
    let temporary = "\(path).\(try randomName()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .unwritable(errno: errno) }
    defer {
      close(descriptor)
      unlink(temporary)
    }
    guard fchmod(descriptor, 0o600) == 0 else { throw .unwritable(errno: errno) }
    try writeAll(bytes, to: descriptor)
    guard fsync(descriptor) == 0 else { throw .unwritable(errno: errno) }
    guard link(temporary, path) == 0 else {
      throw errno == EEXIST ? .alreadyExists : .unwritable(errno: errno)
    }
    try synchronizeDirectory(of: path)
  }

  private static func newKey() throws(MasterKeyError) -> (secret: SecretKey, id: String) {
    do {
      let secret = try SecretKey.generate()
      let fingerprint = try MasterKey(id: "new", key: secret).fingerprint
      return (secret, "mk-" + Hexadecimal.text(of: fingerprint.prefix(8)))
    } catch {
      throw .crypto(error)
    }
  }

  private static func randomName() throws(MasterKeyError) -> String {
    do {
      return Hexadecimal.text(of: try SecureRandom.bytes(8))
    } catch {
      throw .crypto(error)
    }
  }

  private static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32
  ) throws(MasterKeyError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let chunk = UnsafeRawBufferPointer(rebasing: rest)
      let result = Glibc.write(descriptor, chunk.baseAddress, chunk.count)
      if result < 0 && errno == EINTR { continue }
      guard result > 0 else { throw .unwritable(errno: errno) }
      rest = rest.dropFirst(result)
    }
  }

  /// Makes the new name itself survive a power cut.
  private static func synchronizeDirectory(of path: String) throws(MasterKeyError) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let directory = slash.map { String(path[...$0]) } ?? "."
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(errno: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .unwritable(errno: errno) }
  }
}
