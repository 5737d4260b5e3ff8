// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The route `/openapi.yaml`: what can be asked for, for programs to read.
struct DescriptionRoutes: Sendable {
  /// The OpenAPI document; nil where it was not installed with the program.
  let document: [UInt8]?

  /// The one there is.
  var routes: [Route] {
    [Route(open: .get, "/openapi.yaml", isJSON: false, handler: find)]
  }

  private func find(_ exchange: Exchange) async throws -> Reply {
    guard let document else {
      throw Problem(.notFound, "The document was not installed with this service.")
    }
    return Reply(contentType: "application/yaml", body: .whole(document))
  }
}
