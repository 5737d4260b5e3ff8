// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

extension Query {
  static func recordingContext(_ tenant: TenantID, _ recording: RecordingID) -> Query {
    Query(
      """
      select r.user_id, r.agent_id, \(WrappedRecordingKey.columns)
      from hansard.canvas_recordings as r
      join hansard.recording_keys as k
        on k.tenant_id = r.tenant_id
        and k.recording_id = r.recording_id
      join hansard.tenant_keys as t
        on t.tenant_id = k.tenant_id
        and t.tenant_key_id = k.tenant_key_id
      where r.tenant_id = $1
        and r.recording_id = $2
      """, tenant.uuid, recording.uuid)
  }
}

extension RecordingContext {
  init(
    _ row: Row, _ tenant: TenantID, _ recording: RecordingID, _ vault: KeyVault
  ) throws {
    var column = row.reader()
    owner = try column.callerID()
    agent = try column.callerID()
    key = try WrappedRecordingKey(reading: &column)
      .dataKey(in: vault, tenant: tenant, recording: recording)
    self.tenant = tenant
    self.recording = recording
  }
}

extension RowReader {
  /// An id of ours.
  mutating func serverID<Kind>() throws(PostgresError) -> ServerID<Kind> {
    ServerID(try next(UUID.self))
  }

  /// A caller's id; what the database holds was checked when it came in.
  mutating func callerID<Kind>() throws -> CallerID<Kind> {
    guard let id = CallerID<Kind>(try next(String.self)) else { throw DomainError.unreadable }
    return id
  }

  /// A caller's id that may be absent.
  mutating func optionalCallerID<Kind>() throws -> CallerID<Kind>? {
    guard let text = try next(String?.self) else { return nil }
    guard let id = CallerID<Kind>(text) else { throw DomainError.unreadable }
    return id
  }

  /// A value of a fixed vocabulary.
  mutating func word<Word: RawRepresentable<String>>() throws -> Word {
    guard let word = Word(rawValue: try next(String.self)) else { throw DomainError.unreadable }
    return word
  }
}

extension DomainError {
  /// A row holds what no version of this service writes.
  static let unreadable = DomainError(.internalError, "A stored row cannot be read.")
}
