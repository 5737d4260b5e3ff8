// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What a file is called in a store: in lower-case letters, digits, hyphens and dots of our own making, whatever
/// callers say.
package protocol StoredName: Sendable {
  /// One directory, or the part of a key up to its last slash.
  var folder: String { get }
  var file: String { get }
}

extension StoredName {
  package var path: String { "\(folder)/\(file)" }
}

/// What an archive is called in a store: `<tenant>/<recording>.ndjson`.
package struct ArchiveName: StoredName, Hashable {
  package let tenant: TenantID
  package let recording: RecordingID

  /// The name of a recording's archive.
  package init(_ recording: RecordingID, of tenant: TenantID) {
    self.tenant = tenant
    self.recording = recording
  }

  package var folder: String { "\(tenant)" }
  package var file: String { "\(recording).ndjson" }
}

/// Where archives are kept, or the log of erasures: a directory or an S3-compatible store, as the operator has
/// configured it.
///
/// A `storage_url` is never followed: it is compared with `url(of:)`, which is made of the configuration and
/// the name, so that nothing in the database makes the service reach elsewhere. All functions throw
/// `ArchiveStoreError`, besides what the closures that they are given throw.
package protocol ArchiveStore: Sendable {
  /// What `storage_url` says of an archive of this name.
  func url(of name: any StoredName) -> String

  /// Stores what `write` hands to its sink: whole, flushed, and under its name only when `write` has
  /// returned; in place of what was there. Where this throws, there is what was there before, or the whole
  /// of what `write` wrote (the store's answer was lost), and nothing else.
  func put<Result: Sendable>(
    _ name: any StoredName, _ write: (ArchiveSink) async throws -> Result
  ) async throws -> Result

  /// Lends the bytes of a file, which need not be read to their end.
  ///
  /// - Throws: `notFound` where there is none.
  func read<Result: Sendable>(
    _ name: any StoredName, _ body: (ArchiveBytes) async throws -> Result
  ) async throws -> Result

  /// How long a file is; nil where there is none.
  func byteCount(of name: any StoredName) async throws -> Int64?

  /// Removes a file; one that is not there is removed already.
  func delete(_ name: any StoredName) async throws
}
