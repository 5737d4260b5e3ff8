// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The master keys that were loaded: one for wrapping, any number for unwrapping.
///
/// Text of a key file, at most 64 KiB:
/// ```
/// # comment
/// <id> <base64 of 32 bytes>
/// ```
/// One key per line, id and key separated by spaces or tabs; lines end with LF or CRLF; empty lines
/// and lines whose first visible character is `#` are skipped. **The first key is current**, the
/// others only open what was wrapped under them: to rotate, put a new line on top.
package struct MasterKeyring: Sendable {
  /// The key that new things are wrapped under.
  package let current: MasterKey

  private let keys: [String: MasterKey]

  /// - Throws: `MasterKeyError.empty` without any key.
  init(_ keys: [MasterKey]) throws(MasterKeyError) {
    guard let current = keys.first else { throw .empty }
    self.current = current
    self.keys = Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
  }

  /// Loads and checks a key file; a symbolic link to one is followed (mounted secrets are links).
  ///
  /// Reads a local file of bounded size and never waits for a writer, so it may be called anywhere,
  /// but it belongs into the start of the process.
  package static func load(file path: String) throws(MasterKeyError) -> MasterKeyring {
    try MasterKeyFile.read(path) { (bytes) throws(MasterKeyError) in
      try MasterKeyring(MasterKeyFile.parse(bytes))
    }
  }

  /// The key of that id, current or not.
  package func key(id: String) -> MasterKey? {
    keys[id]
  }

  /// The key of that id, if it is the one that has this fingerprint.
  ///
  /// - Throws: `EnvelopeError.unknownMasterKey` or `.wrongMasterKey`.
  package func key(id: String, fingerprint: [UInt8]) throws(EnvelopeError) -> MasterKey {
    guard let key = keys[id] else { throw .unknownMasterKey(id: id) }
    guard constantTimeEqual(key.fingerprint, fingerprint) else { throw .wrongMasterKey(id: id) }
    return key
  }

  /// The ids of all keys, the current one first.
  package var ids: [String] {
    [current.id] + keys.keys.filter { $0 != current.id }.sorted()
  }

  /// This keyring, and of another the keys that it lacks.
  package func keeping(_ other: MasterKeyring) -> MasterKeyring {
    MasterKeyring(current: current, keys: keys.merging(other.keys) { mine, _ in mine })
  }

  private init(current: MasterKey, keys: [String: MasterKey]) {
    self.current = current
    self.keys = keys
  }

  /// The text of a key file with one fresh key.
  ///
  /// The text is not wiped; `makeKeyFile(at:)` leaves no such copy behind.
  package static func generate() throws(MasterKeyError) -> String {
    try MasterKeyFile.withNewFile { (bytes, _) in String(decoding: bytes, as: UTF8.self) }
  }

  /// Makes a key file with one fresh key, mode 0600, all at once or not at all, and returns the
  /// key's id; nothing that exists is ever overwritten.
  ///
  /// - Throws: `MasterKeyError.alreadyExists`, `.unwritable`, `.crypto`.
  package static func makeKeyFile(at path: String) throws(MasterKeyError) -> String {
    try MasterKeyFile.withNewFile { (bytes, id) throws(MasterKeyError) in
      try MasterKeyFile.write(bytes, to: path)
      return id
    }
  }
}

extension MasterKeyring: CustomStringConvertible, CustomReflectable {
  package var description: String { "MasterKeyring(\(keys.count) keys, current \(current.id))" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
