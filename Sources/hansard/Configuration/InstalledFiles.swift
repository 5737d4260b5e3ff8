// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the files are that belong to this program and are not in it.
enum InstalledFiles {
  /// What stands at a path.
  enum Kind {
    case directory
    case file
  }

  /// `../share/hansard/NAME` beside the program, or `place` in the checkout that it was built in; nil
  /// where it is in neither.
  static func find(
    _ name: String, inCheckout place: String, as kind: Kind, program: String? = Self.program
  ) -> String? {
    guard let program else { return nil }
    let folder = URL(fileURLWithPath: program).deletingLastPathComponent()
    let share = folder.deletingLastPathComponent().appendingPathComponent("share/hansard")
    return ([share.appendingPathComponent(name).path] + checkouts(place, above: folder))
      .first { isThere($0, kind) }
  }

  /// `place` in the folder and in each one above it.
  private static func checkouts(_ place: String, above folder: URL) -> [String] {
    var folder = folder
    var places: [String] = []
    while folder.path != "/" {
      places.append(folder.appendingPathComponent(place).path)
      folder.deleteLastPathComponent()
    }
    return places
  }

  private static func isThere(_ path: String, _ kind: Kind) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue == (kind == .directory)
  }

  /// The program's file, symbolic links resolved.
  static let program: String? = {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }()
}
