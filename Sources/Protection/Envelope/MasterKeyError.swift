// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Why master keys could not be loaded or a key file not be made.
///
/// Names at most a line number and the system's error code, never the file's content or path; the
/// text is fit for `/readyz` and the log.
package enum MasterKeyError: Error, Sendable, Hashable {
  /// The file could not be opened or read.
  case unreadable(errno: Int32)
  /// A directory, FIFO, socket or device.
  case notARegularFile
  /// Group or others have some right to it; only modes within 0700 are taken.
  case permissive(mode: UInt32)
  /// It belongs neither to this process's user nor to root, so somebody else may change it.
  case foreignOwner
  /// Longer than 64 KiB.
  case tooLarge
  /// It holds no key.
  case empty
  /// Not `<id> <base64>`.
  case malformedLine(Int)
  /// An id that is not 1 to 64 of `[A-Za-z0-9_.-]`.
  case invalidID(line: Int)
  /// Not the base64 of exactly 32 bytes, with padding and no stray bits.
  case invalidKey(line: Int)
  /// A key of 32 zero bytes: a placeholder, not a key.
  case zeroKey(line: Int)
  /// An id that an earlier line has.
  case duplicateID(line: Int)
  /// A key that an earlier line has under another id: a rotation that rotates nothing.
  case duplicateKey(line: Int)
  /// Something exists at that path already; a key file is never overwritten.
  case alreadyExists
  /// The new key file could not be written.
  case unwritable(errno: Int32)
  /// The cryptographic library failed.
  case crypto(CryptoError)
}

extension MasterKeyError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let errno): "the master key file cannot be read (errno \(errno))"
    case .notARegularFile: "the master key file is not a regular file"
    case .permissive(let mode):
      "the master key file is open to group or others (mode \(String(mode, radix: 8)))"
    case .foreignOwner: "the master key file belongs to another user"
    case .tooLarge: "the master key file is longer than 64 KiB"
    case .empty: "the master key file holds no key"
    case .malformedLine(let line): "line \(line) of the master key file is not '<id> <base64>'"
    case .invalidID(let line): "line \(line) of the master key file has an invalid id"
    case .invalidKey(let line): "line \(line) of the master key file is no base64 of 32 bytes"
    case .zeroKey(let line): "line \(line) of the master key file has an all-zero key"
    case .duplicateID(let line): "line \(line) of the master key file repeats an id"
    case .duplicateKey(let line): "line \(line) of the master key file repeats a key"
    case .alreadyExists: "the key file exists already"
    case .unwritable(let errno): "the key file cannot be written (errno \(errno))"
    case .crypto(let error): error.description
    }
  }
}
