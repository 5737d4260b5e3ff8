// Hansard
// SPDX-License-Identifier: Apache-2.0

import Ledger
import Postgres
import Protection

/// Reads an archive as it comes, piece by piece, and verifies it: bytes in, events out.
///
/// Whatever is handed out has been checked, without any key: the fields have the leaf hash, and the proof leads
/// from it to the root of the first line. Whether that is the root that was promised is for who knows it to
/// compare, see `header`. That nothing is missing, and nothing else was changed, `finish` says.
package struct ArchiveReader {
  private let tenant: TenantID
  private let recording: RecordingID
  private let skipped: Int64
  private let digest: RunningSHA256
  private var rest: [UInt8] = []
  private var state = State.header
  private var line: Int64 = 1
  private var byteCount: Int64 = 0
  private var tree = MerkleTree()
  private var times: (first: Timestamp?, last: Timestamp?)
  private var sha256: [UInt8] = []

  /// What the first line says; nil before it was read.
  package private(set) var header: ArchiveHeader?

  /// What must come next.
  private enum State {
    case header
    case event(seq: Int64)
    case trailer
    case end
  }

  /// Expects the archive of one recording.
  ///
  /// - Parameter seq: events up to this position are passed over, unread: they are not handed out, and of them
  ///   `finish` compares only the digest.
  package init(
    of recording: RecordingID, of tenant: TenantID, afterSeq seq: Int64 = 0
  ) throws {
    self.tenant = tenant
    self.recording = recording
    skipped = seq
    digest = try RunningSHA256()
  }

  /// Takes more of the archive and hands over each event that is complete then.
  ///
  /// - Throws: `ArchiveError`, and what `body` throws.
  package mutating func read(
    _ bytes: [UInt8], _ body: (ArchivedEvent) throws -> Void
  ) throws {
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: ArchiveFormat.lineFeed) {
      try collect(bytes[start..<end])
      let line = rest
      rest = []
      try take(line, body)
      start = end + 1
    }
    try collect(bytes[start...])
  }

  /// Says that this was all.
  ///
  /// - Throws: `ArchiveError` unless it was an archive to its end.
  package func finish() throws(ArchiveError) -> ArchiveSummary {
    guard case .end = state, rest.isEmpty, let header else { throw fault(.truncated) }
    return ArchiveSummary(header: header, byteCount: byteCount, sha256: sha256)
  }

  /// Takes a part of a line, which has a limit.
  private mutating func collect(_ part: ArraySlice<UInt8>) throws(ArchiveError) {
    guard part.isEmpty || !isAtEnd else { throw fault(.trailing) }
    guard rest.count + part.count < ArchiveFormat.maximumLineBytes else {
      throw fault(.lineTooLong)
    }
    rest += part
  }

  private var isAtEnd: Bool {
    if case .end = state { true } else { false }
  }

  private mutating func take(
    _ bytes: [UInt8], _ body: (ArchivedEvent) throws -> Void
  ) throws {
    byteCount += Int64(bytes.count) + 1
    switch state {
    case .header:
      try takeHeader(bytes)
      try count(bytes)
    case .event(let seq):
      if seq > skipped { try body(try takeEvent(bytes, seq)) }
      try count(bytes)
      state = seq == header?.eventCount ? .trailer : .event(seq: seq + 1)
    case .trailer: try takeTrailer(bytes)
    case .end: throw fault(.trailing)
    }
    line += 1
  }

  private func count(_ bytes: [UInt8]) throws {
    try digest.update(bytes)
    try digest.update([ArchiveFormat.lineFeed])
  }

  private mutating func takeHeader(_ bytes: [UInt8]) throws(ArchiveError) {
    let header = try parsed { () throws(ArchiveError.Code) in try ArchiveFormat.header(bytes) }
    guard header.tenant == tenant, header.recording == recording else {
      throw fault(.otherRecording)
    }
    self.header = header
    state = header.eventCount == 0 ? .trailer : .event(seq: 1)
  }

  private mutating func takeEvent(_ bytes: [UInt8], _ seq: Int64) throws -> ArchivedEvent {
    let (event, path) = try parsed { () throws(ArchiveError.Code) in
      try ArchiveFormat.event(bytes)
    }
    guard event.stored.seq == seq, let header else { throw fault(.outOfSequence) }
    let hash = event.stored.leafHash
    guard try event.attestedHash(in: recording, of: tenant) == hash else {
      throw fault(.leafMismatch)
    }
    let proof = InclusionProof(index: Int(seq - 1), size: Int(header.eventCount), path: path)
    guard try proof.verify(leaf: hash, root: header.merkleRoot) else {
      throw fault(.proofMismatch)
    }
    try tree.append(hash)
    if seq == 1 { times.first = event.stored.recordedAt }
    times.last = event.stored.recordedAt
    return event
  }

  private mutating func takeTrailer(_ bytes: [UInt8]) throws {
    let trailer = try parsed { () throws(ArchiveError.Code) in try ArchiveFormat.trailer(bytes) }
    sha256 = try digest.finish()
    guard let header, trailer.events == header.eventCount, trailer.sha256 == sha256 else {
      throw fault(.trailerMismatch)
    }
    // Of what was passed over the leaves are not known.
    guard try skipped > 0 || isOf(header) else { throw fault(.headerMismatch) }
    state = .end
  }

  private func isOf(_ header: ArchiveHeader) throws -> Bool {
    try tree.root() == header.merkleRoot && times.first == header.firstRecordedAt
      && times.last == header.lastRecordedAt
  }

  private func parsed<T>(
    _ body: () throws(ArchiveError.Code) -> T
  ) throws(ArchiveError) -> T {
    do throws(ArchiveError.Code) {
      return try body()
    } catch {
      throw fault(error)
    }
  }

  private func fault(_ code: ArchiveError.Code) -> ArchiveError { ArchiveError(code, line: line) }
}
