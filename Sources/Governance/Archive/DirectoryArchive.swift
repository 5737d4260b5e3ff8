// Hansard
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Files in a directory of this machine, or one that several machines share: `<folder>/<file>`.
///
/// A file is written under another name in `.incoming`, flushed, renamed, and the directory flushed: under its
/// name there is nothing or all of it, whenever the power goes. What a crash leaves in `.incoming` is removed a
/// day later. Files are their owner's alone.
package struct DirectoryArchive: ArchiveStore {
  /// What the tests must notice.
  enum Defect: Sendable {
    /// The file is written under its own name.
    case writesInPlace
  }

  /// The steps of storing an archive, in order.
  enum Step: Sendable, CaseIterable {
    case made, written, flushed, renamed, settled
  }

  private let directory: String
  var defect: Defect?
  /// Called behind each step; what it throws ends everything there, as a crash would: nothing is cleaned up.
  var interrupt: (@Sendable (Step) throws -> Void)?

  /// Takes a directory that is there, by its absolute path.
  package init(directory: String) { self.directory = directory }

  package func url(of name: any StoredName) -> String { "file://\(path(of: name))" }

  package func put<Result: Sendable>(
    _ name: any StoredName, _ write: (ArchiveSink) async throws -> Result
  ) async throws -> Result {
    let draft = try await prepare(name)
    let file = try await BlockingFiles.run { () throws(ArchiveStoreError) in
      try ArchiveFile.create(draft)
    }
    try interrupt?(.made)
    let result: Result
    do {
      result = try await write { try await file.append($0) }
      try interrupt?(.written)
      try await file.flush()
      try interrupt?(.flushed)
      try await settle(draft, name)
    } catch {
      if interrupt == nil { await remove(draft) }
      throw error
    }
    try interrupt?(.settled)
    return result
  }

  package func read<Result: Sendable>(
    _ name: any StoredName, _ body: (ArchiveBytes) async throws -> Result
  ) async throws -> Result {
    let path = path(of: name)
    let file = try await BlockingFiles.run { () throws(ArchiveStoreError) in
      try ArchiveFile.open(path)
    }
    var offset: Int64 = 0
    return try await body {
      let bytes = try await file.read(at: offset)
      offset += Int64(bytes.count)
      return bytes.isEmpty ? nil : bytes
    }
  }

  package func byteCount(of name: any StoredName) async throws -> Int64? {
    let path = path(of: name)
    do {
      let file = try await BlockingFiles.run { () throws(ArchiveStoreError) in
        try ArchiveFile.open(path)
      }
      return try await file.byteCount()
    } catch ArchiveStoreError.notFound {
      return nil
    }
  }

  package func delete(_ name: any StoredName) async throws {
    let (path, parent) = (path(of: name), folder(of: name))
    try await BlockingFiles.run { () throws(ArchiveStoreError) in
      if unlink(path) != 0 {
        guard errno == ENOENT else { throw .last("removing a file") }
        return
      }
      try Self.flush(directory: parent)
    }
  }

  private func folder(of name: any StoredName) -> String { "\(directory)/\(name.folder)" }

  private func path(of name: any StoredName) -> String { "\(directory)/\(name.path)" }

  /// Makes the directories, and returns where to write.
  private func prepare(_ name: any StoredName) async throws(ArchiveStoreError) -> String {
    let (incoming, folder) = ("\(directory)/.incoming", folder(of: name))
    try await BlockingFiles.run { [directory] () throws(ArchiveStoreError) in
      for path in [incoming, folder] where mkdir(path, mode_t(0o700)) != 0 {
        guard errno == EEXIST else { throw .last("making a directory") }
      }
      try Self.flush(directory: directory)
      try Self.sweep(incoming)
    }
    if defect == .writesInPlace { return path(of: name) }
    let random = UInt64.random(in: .min ... .max)
    return "\(incoming)/\(name.file).\(String(random, radix: 16))"
  }

  /// Gives a flushed file its name, for good.
  private func settle(_ draft: String, _ name: any StoredName) async throws {
    let (path, folder) = (path(of: name), folder(of: name))
    try await BlockingFiles.run { () throws(ArchiveStoreError) in
      guard rename(draft, path) == 0 else { throw .last("renaming a file") }
    }
    try interrupt?(.renamed)
    try await BlockingFiles.run { () throws(ArchiveStoreError) in
      try Self.flush(directory: folder)
    }
  }

  private func remove(_ draft: String) async {
    do {
      try await BlockingFiles.run { () throws(ArchiveStoreError) in
        guard unlink(draft) == 0 || errno == ENOENT else { throw .last("removing a file") }
      }
    } catch {
      // What went wrong before is what the caller is told; the sweep takes the rest.
    }
  }
}

extension DirectoryArchive {
  /// How long a file may take to be written, in seconds; what is older was left behind.
  private static let patience = 86_400

  /// Makes what was renamed or removed in a directory last.
  private static func flush(directory: String) throws(ArchiveStoreError) {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last("opening a directory") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .last("flushing a directory") }
  }

  /// Removes what crashes have left behind.
  private static func sweep(_ incoming: String) throws(ArchiveStoreError) {
    guard let entries = opendir(incoming) else { throw .last("reading a directory") }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      var information = stat()
      guard lstat("\(incoming)/\(name)", &information) == 0,
        time(nil) - information.st_mtim.tv_sec > patience
      else { continue }
      // Somebody else may have been faster.
      _ = unlink("\(incoming)/\(name)")
    }
  }
}
