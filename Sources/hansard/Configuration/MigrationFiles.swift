// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres

/// Where the migrations that belong to this program are.
enum MigrationFiles {
  /// Loads them from `HANSARD_SQL`, from `../share/hansard/sql` beside the program, or from the
  /// checkout that the program was built in.
  static func load(_ configuration: Configuration) throws -> MigrationSet {
    guard let directory = find(configuration) else {
      throw CommandFailure(
        "the migrations were not found: set HANSARD_SQL to the directory sql/migrations")
    }
    do throws(MigrationError) {
      return try MigrationSet.load(directory: directory)
    } catch {
      throw CommandFailure(error.description)
    }
  }

  /// The directory, or nil when there is none in any of the places.
  static func find(_ configuration: Configuration) -> String? {
    configuration.sqlDirectory
      ?? InstalledFiles.find("sql", inCheckout: "sql/migrations", as: .directory)
  }
}
