// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

@testable import API

/// A route whose handler says when it has begun and waits to be let go.
struct Gate: Sendable {
  private let begun = AsyncStream.makeStream(of: Void.self)
  private let open = AsyncStream.makeStream(of: Void.self)

  /// The request that the route answers with `"done"`.
  static let request = "GET /wait HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer good\r\n\r\n"

  var route: Route {
    Route(.get, "/wait", .listRecordings) { _, _ in
      begun.continuation.yield()
      for await _ in open.stream { break }
      try Task.checkCancellation()
      return Reply { $0.string("done") }
    }
  }

  func hasBegun() async {
    for await _ in begun.stream { break }
  }

  func letGo() { open.continuation.yield() }
}
