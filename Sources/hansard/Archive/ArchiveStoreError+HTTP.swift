// Hansard
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Governance

extension ArchiveStoreError {
  /// Whether it is worth asking again.
  var mayPass: Bool {
    switch self {
    case .unreachable, .timedOut, .brokenOff: true
    case .refused(let status, _): status >= 500 || status == 429 || status == 408
    default: false
    }
  }

  /// What became of a request without an answer. What its body could not read of its file is told as it is.
  init(requesting error: any Error) {
    if let error = error as? ArchiveStoreError {
      self = error
    } else {
      self = Self.isTimeout(error) ? .timedOut : .unreachable
    }
  }

  /// Why an answer did not come to its end.
  init(reading error: any Error) { self = Self.isTimeout(error) ? .timedOut : .brokenOff }

  private static func isTimeout(_ error: any Error) -> Bool {
    guard let error = error as? HTTPClientError else { return false }
    return [
      .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .tlsHandshakeTimeout,
    ].contains(error)
  }
}
