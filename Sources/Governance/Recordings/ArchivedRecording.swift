// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The events of a recording that were archived: read from there, opened as if they lay in the database.
struct ArchivedRecording: Sendable {
  private let store: any ArchiveStore
  private let opener: EventOpener
  private let name: ArchiveName

  /// The archive of the recording that `opener` opens, which has one.
  ///
  /// - Throws: `storageUnavailable` where the database names another place than the archive of this deployment: it
  ///   is never followed.
  static func find(
    _ opener: EventOpener, in store: (any ArchiveStore)?, _ database: Database
  ) async throws -> ArchivedRecording {
    let rows = try await database.read(
      .eventPlace(of: opener.recording, of: opener.tenant), of: opener.tenant)
    guard let row = rows.first, let archive = try EventPlace(row).archive else {
      throw DomainError.recordingPurged
    }
    let name = ArchiveName(opener.recording, of: opener.tenant)
    guard let store, store.url(of: name) == archive.url else {
      throw DomainError(
        .storageUnavailable, "The recording was archived in a place that is not configured here.")
    }
    return ArchivedRecording(store: store, opener: opener, name: name)
  }

  /// A page of events after position `seq`; its end may come before `limit` when payloads are large.
  func page(afterSeq seq: Int64, limit: Int) async throws -> EventPage {
    let page = try await translating {
      try await store.events(of: name, afterSeq: seq, limit: limit)
    }
    let events = try opener.open(page.events)
    return EventPage(events: events, nextAfterSeq: page.isCut ? events.last?.seq : nil)
  }

  /// A page in order of time, then of position, and whether others follow.
  func replay(
    after place: ReplayPlace?, limit: Int
  ) async throws -> (events: [Event], isCut: Bool) {
    let page = try await translating {
      try await store.replay(of: name, after: place, limit: limit)
    }
    return (try opener.open(page.events), page.isCut)
  }

  /// Hands over the events after position `seq` in order, in pieces as they come, in one pass.
  func forEachPage(afterSeq seq: Int64, _ body: ([Event]) async throws -> Void) async throws {
    _ = try await translating {
      try await store.forEachPage(of: name, afterSeq: seq) { try await body(opener.open($0)) }
    }
  }

  private func translating<Result>(
    _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let error as ArchiveStoreError {
      if error == .notFound { observe(seq: 0) }
      throw DomainError(archive: error)
    } catch let error as ArchiveError {
      observe(seq: max(0, error.line - 1))
      throw DomainError(.integrityFailure, "The archive of the recording is damaged.")
    }
  }

  private func observe(seq: Int64) {
    opener.observer.observe(.integrityFailure(recording: opener.recording, seq: seq))
  }
}

extension DomainError {
  /// What a store did not do; what it was is for the operator.
  init(archive error: ArchiveStoreError) {
    self =
      error == .notFound
      ? DomainError(.integrityFailure, "The archive of the recording is missing.")
      : DomainError(.storageUnavailable, "The archive cannot be read at the moment.")
  }
}
