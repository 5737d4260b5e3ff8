// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Waits until the condition holds, for things that give no signal of their own.
///
/// Asks every few milliseconds; throws a `TestSupportError` naming the place when `limit` passes.
package func eventually(
  within limit: Duration, _ what: String = "the condition",
  file: String = #fileID, line: Int = #line,
  _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while true {
    if try await condition() { return }
    guard ContinuousClock.now < deadline else {
      throw TestSupportError("\(what) did not hold within \(limit) (\(file):\(line))")
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}
