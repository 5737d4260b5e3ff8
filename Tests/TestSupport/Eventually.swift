// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Duration {
  /// How long a test waits for what happens sooner or later: long enough for two cores that others
  /// load and a disk that stalls. What is promised within a time is asked for with that time.
  package static let patience = Duration.seconds(60)
}

/// Waits until the condition holds, for things that give no signal of their own.
///
/// Asks every few milliseconds; throws a `TestSupportError` naming the place when `limit` passes.
package func eventually(
  within limit: Duration = .patience, _ what: String = "the condition",
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
