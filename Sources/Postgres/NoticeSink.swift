// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

/// Receives a connection's notices. libpq calls it while the connection's owner is inside libpq,
/// so its fields belong to that owner.
final class NoticeSink {
  /// A COMMIT came back from a cancelled wait for the synchronous standby: the transaction is
  /// committed here and perhaps nowhere else.
  private(set) var sawReplicationWarning = false
  /// The server has said goodbye outside an exchange.
  private(set) var sawFatal = false
  private(set) var count = 0

  /// Registers the sink; it must outlive the connection, which owns no reference to it.
  func attach(to connection: OpaquePointer) {
    PQsetNoticeReceiver(
      connection,
      { argument, result in
        guard let argument, let result else { return }
        Unmanaged<NoticeSink>.fromOpaque(argument).takeUnretainedValue().receive(result)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Before an exchange: what was warned of earlier does not concern it.
  func reset() {
    sawReplicationWarning = false
  }

  /// The warning's text is translated, its source function is not; either will do. It exists as
  /// "canceling wait for synchronous replication …" and as "canceling the wait …".
  private func receive(_ result: OpaquePointer) {
    count &+= 1
    if field(result, hansard_field_source_function) == "SyncRepWaitForLSN" {
      sawReplicationWarning = true
    }
    if let text = field(result, hansard_field_message), text.hasPrefix("canceling"),
      text.contains("wait for synchronous replication")
    {
      sawReplicationWarning = true
    }
    let severity = field(result, hansard_field_severity)
    if severity == "FATAL" || severity == "PANIC" { sawFatal = true }
  }

  private func field(_ result: OpaquePointer, _ code: Int32) -> String? {
    PQresultErrorField(result, code).map { String(cString: $0) }
  }
}
