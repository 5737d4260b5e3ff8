// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What an archive is called in a store: by ids of our own making alone, whatever callers say.
package struct ArchiveName: Sendable, Hashable {
  package let tenant: TenantID
  package let recording: RecordingID

  /// The name of a recording's archive.
  package init(_ recording: RecordingID, of tenant: TenantID) {
    self.tenant = tenant
    self.recording = recording
  }

  /// `<tenant>/<recording>.ndjson`: lower-case hexadecimal digits, hyphens, one slash and one dot.
  package var path: String { "\(tenant)/\(recording).ndjson" }
}

/// Where archives are kept: a directory or an S3-compatible store, as the operator has configured it.
///
/// A `storage_url` is never followed: it is compared with `url(of:)`, which is made of the configuration and
/// the name, so that nothing in the database makes the service reach elsewhere. All functions throw
/// `ArchiveStoreError`, besides what the closures that they are given throw.
package protocol ArchiveStore: Sendable {
  /// What `storage_url` says of the archive of this name.
  func url(of name: ArchiveName) -> String

  /// Stores what `write` hands to its sink: whole, flushed, and under its name only when `write` has
  /// returned; in place of what was there. Where this throws, there is what was there before, or the whole
  /// of what `write` wrote (the store's answer was lost), and nothing else.
  func put<Result: Sendable>(
    _ name: ArchiveName, _ write: (ArchiveSink) async throws -> Result
  ) async throws -> Result

  /// Lends the bytes of an archive, which need not be read to their end.
  ///
  /// - Throws: `notFound` where there is none.
  func read<Result: Sendable>(
    _ name: ArchiveName, _ body: (ArchiveBytes) async throws -> Result
  ) async throws -> Result

  /// How long an archive is; nil where there is none.
  func byteCount(of name: ArchiveName) async throws -> Int64?

  /// Removes an archive; one that is not there is removed already.
  func delete(_ name: ArchiveName) async throws
}
