// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files that a person names on the command line.
enum InputFile {
  /// The contents of an ordinary file of at most `limit` bytes; a `CommandFailure` names the file
  /// and what is in the way.
  static func contents(of path: String, atMost limit: Int) throws(CommandFailure) -> [UInt8] {
    let (handle, size) = try open(path)
    guard size <= limit else {
      throw CommandFailure("\(path): has \(size) bytes; at most \(limit) are read")
    }
    do {
      return Array(try handle.read(upToCount: limit) ?? Data())
    } catch {
      throw CommandFailure("\(path): cannot be read: \(error.localizedDescription)")
    }
  }

  /// An ordinary file to read from its beginning, and its size in bytes.
  static func open(_ path: String) throws(CommandFailure) -> (handle: FileHandle, size: Int) {
    // O_NONBLOCK: a FIFO must not hold the command up before it can be refused.
    let descriptor = Foundation.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    // Asked of what was opened. A pipe has no path there.
    let place = URL(fileURLWithPath: "/proc/self/fd/\(descriptor)").resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: place)
    guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular,
      let size = attributes[.size] as? NSNumber
    else { throw CommandFailure("\(path): is not an ordinary file") }
    return (handle, size.intValue)
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure("\(path): \(String(cString: strerror(errno)))")
  }
}
