// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import NIOWebSocket

extension LiveEnd {
  /// The code that a WebSocket is closed with.
  var code: WebSocketErrorCode {
    switch self {
    case .left: .normalClosure
    case .slow, .sealed: .unknown(1013)
    case .notLive: .policyViolation
    case .stopping: .goingAway
    }
  }

  /// The same in words.
  var reason: String {
    switch self {
    case .left: ""
    case .slow: "messages were not taken; come back with the last id"
    case .notLive: "the key is not live any more"
    case .stopping: "the service is stopping"
    case .sealed: "the service does not serve at the moment; come back with the last id"
    }
  }
}
