// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardClient
import Protection

/// One entry of a recovery trail, ready to be sent.
struct TrailEntry: Sendable {
  /// What entries get that they do not say themselves.
  struct Defaults: Sendable {
    /// The agent that tried.
    var agent: String?
    /// In whose name.
    var user: String?
    /// Where times without an offset were written.
    var times = TrailTimes.unknown
  }

  let session: String
  let id: String
  /// The attempt, as the service takes it.
  let body: [UInt8]
  /// The object in the file, and where it begins there.
  let source: [UInt8]
  let place: FilePlace
  /// Values and keys in it.
  let tokens: Int

  /// The largest attempt that the service takes, in bytes.
  static let byteLimit = 256 * 1024

  /// What an entry needs to be recognised, or to say what it said: the service would make these up.
  private static let needed = ["entry_id", "timestamp", "session_id", "attempt_number"]

  /// Reads an object of a trail: the entry that stands in it, value for value, but for its session, which
  /// is part of the address, and for times without an offset.
  ///
  /// What else an attempt has to be, the service says.
  init(
    _ document: JSONDocument, at place: FilePlace, _ defaults: Defaults
  ) throws(TrailRefusal) {
    let root = document.root
    source = document.bytes
    tokens = document.storage.tape.count
    self.place = place
    for name in Self.needed where root[name]?.isNull ?? true {
      throw TrailRefusal(place: place, pointer: "/\(name)", reason: "is missing")
    }
    let object = TrailObject(root: root, place: place)
    session = try object.text("session_id")
    id = try object.text("entry_id")
    do throws(HansardClientError) {
      _ = try PathSegment.encode(session, "it")
    } catch {
      throw object.refusal("/session_id", "\(error)")
    }
    body = try object.body(defaults)
    guard body.count <= Self.byteLimit else {
      throw object.refusal("", "has \(body.count) bytes; the service takes \(Self.byteLimit)")
    }
  }

  /// A refusal by the service, which names a value by its pointer.
  func refusal(_ pointer: String, _ reason: String) -> TrailRefusal {
    do throws(JSONError) {
      let document = try JSONDocument(parsing: source, limits: ObjectSplitter.limits)
      return TrailObject(root: document.root, place: place).refusal(pointer, reason)
    } catch {
      // It was read before; without it there is still its beginning.
      return TrailRefusal(place: place, pointer: pointer, reason: reason)
    }
  }
}

/// An object of a trail at its place in the file.
private struct TrailObject {
  let root: JSONValue
  let place: FilePlace

  func text(_ name: String) throws(TrailRefusal) -> String {
    guard let value = root[name] else { throw refusal("/\(name)", "is missing") }
    do throws(JSONError) {
      return try value.text()
    } catch {
      throw refusal("/\(name)", TrajectoryError.reason(for: error.code))
    }
  }

  /// The attempt. Nulls are left out, which say as much as nothing, and so is a next action without a
  /// word, which the original wrote where it had none.
  func body(_ defaults: TrailEntry.Defaults) throws(TrailRefusal) -> [UInt8] {
    let time = try time(defaults.times)
    var writer = JSONWriter(reservingCapacity: root.span.count + 64)
    writer.beginObject()
    for member in root.members where !member.value.isNull && !member.isNamed("session_id") {
      if member.isNamed("next_action"), member.value.isText("") { continue }
      writer.key(member.key)
      if member.isNamed("timestamp") {
        writer.string(time)
      } else {
        writer.raw(member.value.rawBytes)
      }
    }
    for (name, value) in [("agent_id", defaults.agent), ("user_id", defaults.user)] {
      guard let value, root[name]?.isNull ?? true else { continue }
      writer.key(name)
      writer.string(value)
    }
    writer.endObject()
    return writer.bytes
  }

  private func time(_ times: TrailTimes) throws(TrailRefusal) -> String {
    let text = try text("timestamp")
    do throws(TrailTimes.Fault) {
      return try times.resolve(text)
    } catch {
      throw refusal("/timestamp", error.rawValue)
    }
  }

  /// A refusal of the value that a pointer names, or of the last one on the way to it that there is.
  func refusal(_ pointer: String, _ reason: String) -> TrailRefusal {
    var value = root
    for segment in pointer.split(separator: "/") {
      guard let inside = child(String(segment), of: value) else { break }
      value = inside
    }
    let before = value.storage.bytes[..<value.span.lowerBound]
    return TrailRefusal(place: place.passing(before), pointer: pointer, reason: reason)
  }

  private func child(_ segment: String, of value: JSONValue) -> JSONValue? {
    guard value.kind == .array else {
      return value[
        segment.replacing("~1", with: "/").replacing("~0", with: "~")]
    }
    guard let index = Int(segment) else { return nil }
    return value.elements.enumerated().first { $0.offset == index }?.element
  }
}
