// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Puts a body together, within its route's limit and the room that there is for bodies.
struct BodyCollector: Sendable {
  private let policy: BodyPolicy
  private let declared: Int?
  private let admission: Admission
  private var collected = RequestBody.Collected()

  /// Creates a collector; `declared` is what the head says of the body's length, in bytes.
  init(_ policy: BodyPolicy, declared: Int?, _ admission: Admission) {
    self.policy = policy
    self.declared = declared
    self.admission = admission
    collected.bytes.reserveCapacity(min(declared ?? 0, policy.limit))
  }

  /// Adds a part; nothing any more once there is a problem.
  mutating func add(_ part: ByteBuffer) {
    guard collected.problem == nil else { return }
    let count = part.readableBytes
    guard admission.take(count) else { return collected.problem = .overloaded }
    collected.bytesRead += count
    guard collected.bytes.count + count <= policy.limit else {
      return collected.problem = policy.tooLarge
    }
    collected.bytes.append(contentsOf: part.readableBytesView)
  }

  /// What the handler is told, with what is known of the body's end; nil: nothing yet.
  func result(_ end: Result<Void, RequestBodyFailure>?) -> RequestBody.Collected? {
    if collected.problem != nil { return collected }
    guard let end else { return nil }
    var result = collected
    switch end {
    case .success:
      // A connection that ends within the body looks like the body's end to a parser.
      let isComplete = collected.bytes.count == declared ?? collected.bytes.count
      if !isComplete { result.problem = Problem(RequestBodyFailure.malformed) }
    case .failure(let failure): result.problem = Problem(failure)
    }
    return result
  }
}

extension Problem {
  fileprivate init(_ failure: RequestBodyFailure) {
    switch failure {
    case .timeout: self.init(.requestTimeout, "The body of the request came too slowly.")
    case .malformed: self.init(.malformedRequest, "The body of the request is not complete.")
    }
  }
}
