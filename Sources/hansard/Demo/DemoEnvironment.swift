// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The file `.hansard/demo.env`: what `run` made, as `NAME=value` lines that a shell can source.
struct DemoEnvironment: Sendable, Equatable {
  /// Names and values, in the order of the file.
  var entries: [(name: String, value: String)]

  /// The entries as a dictionary; of a name that is there twice the last counts, as in a shell.
  var values: [String: String] {
    Dictionary(entries.map { ($0.name, $0.value) }) { _, last in last }
  }

  static func == (left: Self, right: Self) -> Bool {
    left.entries.elementsEqual(right.entries) { $0 == $1 }
  }

  /// Reads the file's text; lines that are empty or start with `#` are skipped.
  ///
  /// Nil when a line is not `NAME=value`, or a value is one that a shell would not take literally.
  init?(parsing text: String) {
    entries = []
    for line in text.split(separator: "\n") where !line.utf8.starts(with: "#".utf8) {
      guard let equals = line.firstIndex(of: "=") else { return nil }
      let value = line[line.index(after: equals)...]
      guard Self.isPlain(value.utf8) else { return nil }
      entries.append((String(line[..<equals]), String(value)))
    }
  }

  init(_ entries: [(name: String, value: String)]) { self.entries = entries }

  /// The file's text. A value that a shell would not take literally throws.
  func text() throws -> String {
    var text = "# Written by `hansard run`: for `source`, and for scripts. Holds secrets.\n"
    for (name, value) in entries {
      guard Self.isPlain(value.utf8) else {
        throw CommandFailure("\(name) cannot be written plainly")
      }
      text += "\(name)=\(value)\n"
    }
    return text
  }

  /// Bytes that mean themselves in an assignment of a POSIX shell.
  private static func isPlain(_ value: some Collection<UInt8>) -> Bool {
    value.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_.:/@?%=+,".utf8.contains(byte)
      }
    }
  }
}

extension DemoEnvironment {
  /// The file at `path`; nil when there is none. A file that is not as described throws.
  static func read(_ path: String) throws -> DemoEnvironment? {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      return nil
    } catch {
      throw CommandFailure("\(path) cannot be read: \(error.localizedDescription)")
    }
    guard let environment = DemoEnvironment(parsing: text) else {
      throw CommandFailure("\(path) is not as it was written: remove it, and it is made again")
    }
    return environment
  }

  /// Writes the file with mode 0600, all at once or not at all.
  func write(to path: String) throws {
    try PrivateFile.write(Array(try text().utf8), to: path)
  }
}
