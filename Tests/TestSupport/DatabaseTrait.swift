// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Testing

/// Gives each test a database of its own as `TestDatabase.current`.
package struct DatabaseTrait: SuiteTrait, TestTrait, TestScoping {
  let isMigrated: Bool

  package var isRecursive: Bool { true }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await TestDatabase.with(migrated: isMigrated) { database in
      try await TestDatabase.$local.withValue(database) { try await function() }
    }
  }
}

extension Trait where Self == DatabaseTrait {
  /// A clone of the database with all migrations of the project applied.
  package static var database: Self { Self(isMigrated: true) }

  /// A database without anything.
  package static var emptyDatabase: Self { Self(isMigrated: false) }
}
