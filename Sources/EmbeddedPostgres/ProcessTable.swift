// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the kernel tells about processes, read from `/proc`; never by name.
enum ProcessTable {
  /// The direct children of a process, of all its threads.
  static func children(of processID: Int32) -> [Int32] {
    let tasks = "/proc/\(processID)/task"
    guard let threads = names(in: tasks) else { return [] }
    return threads.flatMap { thread in
      (contents("\(tasks)/\(thread)/children") ?? "").split(separator: " ").compactMap { Int32($0) }
    }
  }

  /// The one-letter state (`R`, `S`, `T`, `Z`, …); nil when there is no such process.
  static func state(of processID: Int32) -> Character? {
    // The name in brackets may itself hold brackets and blanks: look behind the last one.
    guard let line = contents("/proc/\(processID)/stat"),
      let end = line.lastIndex(of: ")")
    else { return nil }
    return line[line.index(after: end)...].first { $0 != " " }
  }

  /// A zombie has given back everything but its number; it counts as ended.
  static func isAlive(_ processID: Int32) -> Bool {
    guard let state = state(of: processID) else { return false }
    return state != "Z" && state != "X"
  }

  /// Live processes whose working directory is this one (a path without symbolic links).
  static func processes(workingIn directory: String) -> [Int32] {
    (names(in: "/proc") ?? []).compactMap { Int32($0) }
      .filter { link("/proc/\($0)/cwd") == directory && isAlive($0) }
      .sorted()
  }

  static func names(in directory: String) -> [String]? {
    guard let stream = opendir(directory) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  private static func contents(_ path: String) -> String? {
    // Gone between listing and reading is the ordinary case here, not an error.
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func link(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return buffer.withUnsafeBytes { String(decoding: $0.prefix(count), as: UTF8.self) }
  }
}
