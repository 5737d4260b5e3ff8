// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance

/// The pages of a listing that is taken away, each read when the one before has been sent.
struct ExportPages<Element: Sendable>: Sendable {
  let first: Page<Element>
  /// The page behind a cursor.
  let next: @Sendable (Cursor) async throws -> Page<Element>

  /// At least once, so that an empty listing is emitted too.
  func forEach(_ body: ([Element]) async throws -> Void) async throws {
    try await body(first.elements)
    var cursor = first.next
    while let place = cursor {
      let page = try await next(place)
      try await body(page.elements)
      cursor = page.next
    }
  }
}
