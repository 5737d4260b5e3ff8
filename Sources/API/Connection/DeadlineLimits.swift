// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How long each step of an HTTP connection may take.
package struct DeadlineLimits: Sendable, Equatable {
  /// From the connect to the first byte of a request.
  package var firstHead: Duration = .seconds(10)
  /// From the first byte of a head (of a connection's first: from the connect) to its last.
  package var head: Duration = .seconds(10)
  /// Between an answer and the first byte of the next request.
  package var idle: Duration = .seconds(60)
  /// From a head to the end of its body.
  package var body: Duration = .seconds(30)
  /// How long a body may come at less than `bodyBytesPerSecond`.
  package var bodyGrace: Duration = .seconds(10)
  /// The slowest rate of a body, in bytes per second, once its grace is used up.
  package var bodyBytesPerSecond = 1024
  /// How long a client may take no byte of an answer.
  package var writeStall: Duration = .seconds(30)
  /// How long a connection stays half open after its last answer, so that a client that is still
  /// sending can read it.
  package var linger: Duration = .seconds(2)
  /// How long an idle connection may still bring a request once the service is stopping; it is
  /// answered with `Connection: close`.
  package var quiesce: Duration = .seconds(1)

  /// The limits of production.
  package init() {}
}
