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
  static func find(_ configuration: Configuration, program: String? = Self.program) -> String? {
    if let named = configuration.sqlDirectory { return named }
    guard let program else { return nil }
    let folder = URL(fileURLWithPath: program).deletingLastPathComponent()
    let installed = folder.deletingLastPathComponent().appendingPathComponent("share/hansard/sql")
    return ([installed.path] + checkouts(above: folder)).first(where: isDirectory)
  }

  /// `sql/migrations` of the folder and of each one above it.
  private static func checkouts(above folder: URL) -> [String] {
    var folder = folder
    var places: [String] = []
    while folder.path != "/" {
      places.append(folder.appendingPathComponent("sql/migrations").path)
      folder.deleteLastPathComponent()
    }
    return places
  }

  private static func isDirectory(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// The program's file, symbolic links resolved.
  static let program: String? = {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }()
}
