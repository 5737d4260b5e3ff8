// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Logging
import Postgres
import Protection

/// Writes each log entry as one line of JSON.
///
/// `{"time":…,"level":…,"logger":…,"message":…, metadata…}`: a metadata key that collides with one
/// of these is left out. Every text is escaped by the JSON writer, and what some readers take for a
/// line's end or a terminal's command without being a control character to JSON is replaced, so that
/// no value can begin a line of its own.
package struct JSONLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  private let label: String
  private let sink: LogSink

  /// Creates a handler named `label` that writes to `sink`.
  package init(label: String, level: Logger.Level, sink: LogSink) {
    self.label = label
    self.logLevel = level
    self.sink = sink
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("time")
    writer.string(Timestamp.now().rfc3339)
    writer.key("level")
    writer.string(event.level.rawValue)
    writer.key("logger")
    writer.string(label)
    writer.key("message")
    writer.string(Self.tame(event.message.description))
    let own = event.metadata ?? [:]
    let fields = metadata.isEmpty ? own : metadata.merging(own) { _, new in new }
    for (key, value) in fields.sorted(by: { $0.key < $1.key }) where !Self.reserved.contains(key) {
      writer.key(Self.tame(key))
      writer.string(Self.tame(value.description))
    }
    writer.endObject()
    sink.write(writer.bytes)
  }

  /// The text with U+007F to U+009F (among them NEL and CSI), U+2028 and U+2029 as U+FFFD.
  private static func tame(_ text: String) -> String {
    // Nearly all texts are plain ASCII, which is seen from the bytes.
    guard text.utf8.contains(where: { $0 >= 0x7F }), text.unicodeScalars.contains(where: isWild)
    else { return text }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { scalars.append(isWild(scalar) ? "\u{FFFD}" : scalar) }
    return String(scalars)
  }

  private static func isWild(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x7F...0x9F, 0x2028, 0x2029: true
    default: false
    }
  }

  private static let reserved: Set<String> = ["time", "level", "logger", "message"]
}
