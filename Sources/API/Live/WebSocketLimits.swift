// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How much a WebSocket's client may say, and how long it may be silent.
package struct WebSocketLimits: Sendable {
  /// The largest message of a client, in bytes.
  package var messageBytes = 4096
  /// The most messages that wait to be worked on.
  package var waitingMessages = 128
  /// The most frames between two pings of ours.
  package var framesPerPing = 512
  /// Bytes that the system keeps of what a client has not taken, about.
  package var sendBuffer = 64 * 1024
  /// The time between two pings of ours; a client that has not answered the one before is gone.
  package var ping: Duration = .seconds(30)
  /// How long a client has to answer a close.
  package var closing: Duration = .seconds(3)

  /// The limits of production.
  package init() {}
}
